import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { curveData, type CurveData } from '../../view/curves';
import type { Curve } from '../charts/line_chart';
import '../charts/line_chart';
import { follow } from '../page/follow';
import type { PageState } from '../page/page_state';
import { NARROW, PHONE, sharedStyles } from '../page/styles';
import './arm_panel';
import './chain_controls';
import { ARMS } from './chain_network';
import { ChainRuns, type ChainRun } from './chain_run';
import { RANGES, type ChainView } from './chain_view';

/** Milliseconds between two updates of a descent that is played: as many as an eye can follow. */
const BEAT = 250;

const CURVES: readonly Curve[] = ARMS.map((label, arm) => ({
  label,
  colour: `--arm-${arm}`,
  width: arm === 0 ? 2.5 : 1.25,
}));

/** The chain rule on networks small enough to see every factor of it, without batch norm and with it. */
@customElement('chain-tab')
export class ChainTab extends LitElement {
  @property({ attribute: false }) page!: PageState;
  @property() theme = '';
  /** The step shown while descent is played; the link holds it once it rests. */
  @state() private played: number | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly descents = new ChainRuns();
  private drawn: { key: string; data: CurveData } | undefined;

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        grid-template:
          'head head head' auto 'controls chart chart' auto 'controls plain normed' auto / clamp(
            240px,
            20vw,
            340px
          )
          minmax(0, 1fr) minmax(0, 1fr);
        align-content: start;
        gap: 14px 28px;
        height: 100%;
        overflow-y: auto;
        scrollbar-width: thin;
        padding: 4px 20px 24px;
      }
      .head {
        grid-area: head;
        display: grid;
        gap: 6px;
        max-width: 78rem;
        font-size: 0.8125rem;
      }
      chain-controls {
        grid-area: controls;
      }
      .plain {
        grid-area: plain;
      }
      .normed {
        grid-area: normed;
      }
      .chart {
        grid-area: chart;
        display: grid;
        gap: 6px;
      }
      line-chart {
        height: 170px;
      }
      button {
        min-width: 6.5rem;
      }
      a {
        color: var(--accent);
      }
      @media ${NARROW} {
        :host {
          grid-template:
            'head head' auto 'controls controls' auto 'chart chart' auto 'plain normed' auto / minmax(0, 1fr)
            minmax(0, 1fr);
          height: auto;
        }
      }
      @media ${PHONE} {
        :host {
          display: flex;
          flex-direction: column;
          align-items: stretch;
          padding: 4px 16px 24px;
        }
        button {
          min-width: 4.5rem;
        }
      }
    `,
  ];

  constructor() {
    super();
    follow(this, () => [this.page]);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.rest();
  }

  private get view(): ChainView {
    return this.page.view.chain;
  }

  private get step(): number {
    return this.played ?? this.view.step;
  }

  override render() {
    const { view, step } = this;
    const { runs } = this.descents.of(view);
    return html`
      <section class="head" aria-label="Question">
        <p>
          ${
            view.net === 'chain'
              ? 'In a chain ŷ = w₁·w₂·…·x the gradient of one weight is the product of all the others: it grows and shrinks with their scale, and curvature does with its square. Batch norm divides each unit by its own σ, which grows with the weight.'
              : 'φ′ of ReLU is 0 or 1 and that of a sigmoid at most ¼: it is the weights and the signals that have no bound. ∂J/∂w₁ = ∂J/∂ŷ · φ′(z₂) · w₂ · φ′(z₁) · x₁. Batch norm puts γ/σ beside each weight.'
          }
          Multiply a weight by a and see which factor grows, and which shrinks.
        </p>
        <p class="quiet small">
          float64, on this page: J = mean of ½(ŷ − y)², 32 samples,
          ${view.net === 'chain' ? 'y = x' : 'y = 1 where x is above 0, else 0'}. A factor is by how much a
          step of the chain rule changes the root mean square over the batch; at widths above 1, of whole
          layers. Sources:
          <a href="https://www.deeplearningbook.org/contents/optimization.html"
            >Goodfellow et al. 2016, §8.7.1</a
          >, <a href="https://arxiv.org/abs/1502.03167">Ioffe &amp; Szegedy 2015, §3</a>.
        </p>
      </section>
      <chain-controls .view=${view} @entry=${this.enter}></chain-controls>
      <section class="chart" aria-label="Descent">
        ${this.player(step)}
        <h2>Loss J by step</h2>
        <line-chart
          heading="Loss"
          .curves=${CURVES}
          .data=${this.dataOf(runs, step)}
          theme=${this.theme}
        ></line-chart>
      </section>
      <arm-panel class="plain" .view=${view} .run=${runs[0]} step=${step}></arm-panel>
      <arm-panel class="normed" .view=${view} .run=${runs[1]} step=${step}></arm-panel>
    `;
  }

  private player(step: number) {
    const isPlaying = this.timer !== undefined;
    const isLast = step >= RANGES.step.most;
    return html`<div class="row">
      <button ?disabled=${isLast} @click=${() => this.goTo(step + 1)}>One step</button>
      <button ?disabled=${isLast && !isPlaying} @click=${() => (isPlaying ? this.rest() : this.play())}>
        ${isPlaying ? 'Pause' : 'Play'}
      </button>
      <button ?disabled=${step === 0} @click=${() => this.goTo(0)}>Back to start</button>
      <span class="number" data-step=${step}>step ${step}</span>
    </div>`;
  }

  private play(): void {
    this.played = this.view.step;
    this.timer = setInterval(() => {
      this.played = Math.min(RANGES.step.most, this.step + 1);
      if (this.played === RANGES.step.most) this.rest();
    }, BEAT);
  }

  /** Ends what is played where it stands. */
  private rest(): void {
    const { played } = this;
    clearInterval(this.timer);
    this.timer = undefined;
    this.played = undefined;
    if (played !== undefined && played !== this.view.step) this.change({ step: played });
  }

  private goTo(step: number): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.played = undefined;
    this.change({ step });
  }

  private enter({ detail }: CustomEvent<Partial<ChainView>>): void {
    // What is only looked at goes on being played.
    if ('step' in detail) this.goTo(0);
    this.change(detail);
  }

  private change(change: Partial<ChainView>): void {
    const [what] = Object.keys(change);
    this.page.choose(`view.chain.${what}`, { chain: { ...this.view, ...change } });
  }

  /** The same object as long as it is the same, as a chart is drawn anew for another. */
  private dataOf(runs: readonly ChainRun[], step: number): CurveData {
    const key = `${this.descents.of(this.view).key} ${step}`;
    if (this.drawn?.key !== key) this.drawn = { key, data: curveData(runs.map((run) => run.losses(step))) };
    return this.drawn.data;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'chain-tab': ChainTab;
  }
}
