import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { INVARIANCE_BATCH } from '../../measures/invariance';
import { NORM_LAW_DATA } from '../../measures/norm_law';
import type { LabEngine } from '../../service/lab_protocol';
import { GOAL } from '../../view/norm_growth';
import { formatNumber, formatShare } from '../../view/number_format';
import { fieldStyles, listField, sliderField } from '../page/fields';
import { follow } from '../page/follow';
import type { PageState } from '../page/page_state';
import { NARROW, PHONE, sharedStyles } from '../page/styles';
import { computeWords } from './arms';
import './growth_charts';
import {
  ENGINES,
  EPSILONS,
  invarianceRequest,
  normLawRequest,
  RATES,
  SEEDS,
  STEPS,
  TRAINED,
  UNITS,
  type InvarianceView,
} from './invariance_view';
import type { LabResult, Shown } from './lab_result';
import './scale_charts';

/** What batch norm forgets, measured: gradients as the weights of a layer grow, and the weights' length along training. */
@customElement('invariance-tab')
export class InvarianceTab extends LitElement {
  @property({ attribute: false }) page!: PageState;
  @property({ attribute: false }) scaling!: LabResult<'invariance'>;
  @property({ attribute: false }) growth!: LabResult<'norm_law'>;
  @property() theme = '';

  static override styles = [
    sharedStyles,
    fieldStyles,
    css`
      :host {
        display: grid;
        align-content: start;
        gap: 14px;
        height: 100%;
        overflow-y: auto;
        scrollbar-width: thin;
        padding: 4px 20px 24px;
      }
      section {
        display: grid;
        gap: 10px;
      }
      section + section {
        padding-top: 14px;
        border-top: 1px solid var(--line);
      }
      h2 {
        font-size: 0.9375rem;
      }
      .about {
        display: grid;
        gap: 6px;
        max-width: 78rem;
        font-size: 0.8125rem;
      }
      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(15.5rem, 1fr));
        gap: 6px 28px;
        font-size: 0.8125rem;
      }
      .fields label {
        grid-template-columns: max-content minmax(0, 1fr);
      }
      .fields label.slider {
        grid-column: span 2;
        grid-template-columns: max-content minmax(0, 1fr) 3.25rem;
      }
      .formula {
        white-space: nowrap;
      }
      a {
        color: var(--accent);
      }
      .compute {
        min-height: 1.45em;
      }
      @media ${NARROW} {
        :host {
          height: auto;
        }
      }
      @media ${PHONE} {
        :host {
          padding: 4px 16px 24px;
        }
        .compute {
          min-height: 2.9em;
        }
        .fields {
          grid-template-columns: minmax(0, 1fr);
        }
        .fields label,
        .fields label.slider {
          grid-column: auto;
          grid-template-columns: 6rem minmax(0, 1fr);
        }
        .fields label.slider {
          grid-template-columns: 6rem minmax(0, 1fr) 3.25rem;
        }
      }
    `,
  ];

  constructor() {
    super();
    follow(this, () => [this.page, this.scaling, this.growth]);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.scaling.stop();
    this.growth.stop();
  }

  private get view(): InvarianceView {
    return this.page.view.invariance;
  }

  protected override updated(): void {
    if (!this.isConnected) return;
    const { view } = this;
    this.scaling.want(invarianceRequest(view), view.engine);
    this.growth.want(normLawRequest(view), view.engine);
  }

  override render() {
    return html`${this.scalingSection()} ${this.growthSection()}`;
  }

  private scalingSection() {
    const { view, scaling } = this;
    const { samples, inputs } = INVARIANCE_BATCH;
    return html`<section aria-label="Scale invariance">
      <div class="about">
        <h2>Multiply the weights of a layer by a: with batch norm nothing behind it changes</h2>
        <p>
          BN((aW)u) = BN(Wu). So ∂y/∂u stays what it was, and ${formula('∂y/∂(aW)')} is 1/a of it: larger
          weights get smaller gradients, at right angles to them. Without batch norm,
          ${formula('y = φ((aW)u)')}: ∂y/∂u grows with a, and ${formula('∂y/∂(aW)')} does not change. ε alone
          breaks the law, where σ² is not large beside it: ${formula('w·∂L/∂w = γ·(∂L/∂γ)·ε/(σ² + ε)')}.
        </p>
        <p class="quiet small">
          ${samples} samples, u of ${inputs} numbers. ∂y is what one fixed random gradient from above, the
          same at every a, becomes on its way back. u is measured as weights are: as those of a layer before,
          whose inputs are the unit vectors. Sources:
          <a href="https://arxiv.org/abs/1502.03167">Ioffe &amp; Szegedy 2015, §3.3</a>,
          <a href="https://arxiv.org/abs/1706.05350">van Laarhoven 2017</a>.
        </p>
      </div>
      <div class="fields">
        ${listField('φ', view.activation, ACTIVATION_WORDS, (activation) => this.change({ activation }))}
        ${listField('units', view.units, named(UNITS), (units) => this.change({ units }))}
        ${listField('ε', view.epsilon, EPSILON_WORDS, (epsilon) => this.change({ epsilon }))}
        ${listField('seed', String(view.seed), SEED_WORDS, (seed) => this.change({ seed: Number(seed) }))}
        ${listField('numbers', view.engine, ENGINE_WORDS, (engine) => this.change({ engine }))}
      </div>
      ${this.computed(scaling, 'Measured in')}
      <scale-charts .shown=${scaling.shown} phase=${scaling.phase} theme=${this.theme}></scale-charts>
    </section>`;
  }

  private growthSection() {
    const { view, growth } = this;
    const { samples, inputs } = NORM_LAW_DATA;
    const at = RATES.findIndex((rate) => String(rate) === view.rate);
    return html`<section aria-label="Norm law">
      <div class="about">
        <h2>So every update lengthens the weights, and one that is too large makes the next ones smaller</h2>
        <p>
          A gradient at right angles to the weights gives ${formula('|W′|² = |W|² + η²·|g|²')}. What turns the
          weights is the effective rate η/|W|²: after a first update of length η|g₀| it has fallen to about
          ${formula('1/(η|g₀|²)')}. A plain layer has no such brake.
        </p>
        <p class="quiet small">
          ŷ = v·φ(BN(Wx)) and v·φ(Wx) with the φ, units, ε and seed from above, trained for ${STEPS} steps on
          ${samples} samples of ${inputs} inputs at ${RATES.length} learning rates; y is linear in x, J = mean
          of ½(ŷ − y)². Of one unit v is 1. The goal is ${formatShare(GOAL)} of the way from the best
          constant’s loss to the least that any rate of the arm reaches. |W| and |g| are recorded by the
          kernels themselves. Sources:
          <a href="https://arxiv.org/abs/1706.05350">van Laarhoven 2017</a>,
          <a href="https://arxiv.org/abs/1812.03981">Arora, Li &amp; Lyu 2018</a>.
        </p>
      </div>
      <div class="fields">
        ${listField('trained', view.trained, TRAINED_WORDS, (trained) => this.change({ trained }))}
        ${sliderField(
          'learning rate η',
          at,
          { least: 0, most: RATES.length - 1 },
          1,
          formatNumber(RATES[at]!),
          (index) => this.change({ rate: String(RATES[index]) }),
        )}
      </div>
      ${this.computed(growth, 'Trained in')}
      <growth-charts
        .shown=${growth.shown}
        phase=${growth.phase}
        rate=${at}
        theme=${this.theme}
      ></growth-charts>
    </section>`;
  }

  private computed(
    {
      phase,
      failure,
      shown,
    }: { phase: string; failure: string | undefined; shown: Shown<never> | undefined },
    words: string,
  ) {
    if (failure !== undefined) return html`<p class="problem" role="alert">${failure}</p>`;
    return html`<p class="quiet small compute" data-measured=${phase}>
      ${shown ? `${words} ${computeWords(shown.compute, this.view.engine)}.` : nothing}
      ${phase === 'measuring' ? 'Measuring …' : nothing}
    </p>`;
  }

  private change(change: Partial<InvarianceView>): void {
    const [what] = Object.keys(change);
    this.page.choose(`view.invariance.${what}`, { invariance: { ...this.view, ...change } });
  }
}

/** Stays on one line. */
const formula = (text: string) => html`<span class="formula">${text}</span>`;

const named = <Value extends string>(values: readonly Value[]) =>
  values.map((value) => [value, value] as const);

const ACTIVATION_WORDS = [
  ['identity', 'none'],
  ['relu', 'ReLU'],
  ['sigmoid', 'sigmoid'],
] as const;
const EPSILON_WORDS = EPSILONS.map((epsilon) => [epsilon, formatNumber(Number(epsilon))] as const);
const SEED_WORDS = named(Array.from({ length: SEEDS.most }, (_, i) => String(SEEDS.least + i)));
const ENGINE_WORDS = ENGINES.map(
  (engine) =>
    [
      engine,
      (
        { gpu: 'float32, on the GPU', float64: 'float64, on the CPU' } as const satisfies Record<
          LabEngine,
          string
        >
      )[engine],
    ] as const,
);
const TRAINED_WORDS = TRAINED.map(
  (trained) => [trained, ({ weights: 'W alone', all: 'all parameters' } as const)[trained]] as const,
);

declare global {
  interface HTMLElementTagNameMap {
    'invariance-tab': InvarianceTab;
  }
}
