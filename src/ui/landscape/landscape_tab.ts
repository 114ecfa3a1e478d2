import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { follow } from '../page/follow';
import { firstOf } from '../page/link_settings';
import type { PageState } from '../page/page_state';
import { NARROW, PHONE, sharedStyles } from '../page/styles';
import './landscape_charts';
import './landscape_controls';
import './landscape_figures';
import type { LandscapeRun, Measured, Measurements } from './landscape_run';
import { LANDSCAPE_SETTINGS, type LandscapeView } from './landscape_view';
import './rate_maps';

/** The loss along the path of training, without batch norm and with it. */
@customElement('landscape-tab')
export class LandscapeTab extends LitElement {
  @property({ attribute: false }) page!: PageState;
  @property({ attribute: false }) run!: LandscapeRun;
  @property() theme = '';
  private measurements!: Measurements;

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        grid-template: 'head head' auto 'side main' auto / clamp(240px, 20vw, 340px) minmax(0, 1fr);
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
      .side {
        grid-area: side;
        display: grid;
        align-content: start;
        gap: 18px;
        min-width: 0;
      }
      .main {
        grid-area: main;
        display: grid;
        gap: 28px;
        min-width: 0;
      }
      a {
        color: var(--accent);
      }
      @media ${NARROW} {
        :host {
          grid-template: 'head' auto 'side' auto 'main' auto / minmax(0, 1fr);
          height: auto;
        }
      }
      @media ${PHONE} {
        :host {
          padding: 4px 16px 24px;
        }
      }
    `,
  ];

  constructor() {
    super();
    follow(this, () => [this.page, this.run]);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.run.leave();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.measurements = this.run.of(this.page.view);
  }

  override render() {
    const { measurements } = this;
    const { landscape: view, map } = this.page.view;
    const { path, sharpness, rates, compared } = measurements;
    return html`
      <section class="head" aria-label="Question">
        <p>
          A gradient speaks for the loss where it was taken. Look further along it: how much does the loss
          vary, and how much does the gradient change? Where neither does by much, a step may be long. With
          batch norm both are smaller where training begins, and the gradient changes less along its path
          (${this.example({ net: 'bed' }, '4 ReLU layers')}). Two things that are often said are not so in
          general: a deep network with batch norm need not be flatter at its start, and batch norm need not
          keep the layers below from moving a layer’s gradient
          (${this.example({ net: 'linear', reach: 'linear' }, '25 linear layers')}: sharper, and gradients
          turn further).
        </p>
        <p class="quiet small">
          Loss and gradient are those of all samples. Sources:
          <a href="https://arxiv.org/abs/1805.11604">Santurkar et al. 2018</a> (Figure 4; Definition 2.1 for
          the shift; step lengths of ½ to 4 × η, and of 1/100 to 30 × η for the linear network),
          <a href="https://arxiv.org/abs/1902.08129">Yang et al. 2019</a> (batch norm and the gradient at
          initialization), <a href="https://arxiv.org/abs/2103.00065">Cohen et al. 2021</a> (2/η).
        </p>
      </section>
      <section class="side" aria-label="Settings">
        <landscape-controls .view=${view} rate=${compared.rate} @entry=${this.enter}></landscape-controls>
        <landscape-figures
          .measurements=${measurements}
          parts=${partsOf(path, sharpness)}
        ></landscape-figures>
      </section>
      <section class="main" aria-label="Measurements">
        <landscape-charts
          .view=${view}
          .measurements=${measurements}
          parts=${partsOf(path, sharpness)}
          theme=${this.theme}
          @entry=${this.enter}
        ></landscape-charts>
        <rate-maps
          .view=${view}
          .measurements=${measurements}
          palette=${map.palette}
          parts=${partsOf(rates)}
          @entry=${this.enter}
        ></rate-maps>
      </section>
    `;
  }

  /** A link to what shows it. */
  private example(change: Partial<LandscapeView>, words: string) {
    const landscape = { ...firstOf(LANDSCAPE_SETTINGS), ...change };
    return html`<a href=${this.page.address({ landscape })}>${words}</a>`;
  }

  private enter({ detail }: CustomEvent<Partial<LandscapeView>>): void {
    const [what] = Object.keys(detail);
    this.page.choose(`view.landscape.${what}`, { landscape: { ...this.page.view.landscape, ...detail } });
  }
}

/** Changes with every part, so that what shows them is drawn anew. */
function partsOf(...measured: readonly Measured[]): string {
  return measured.map(({ state, table }) => `${state} ${table.parts}`).join();
}

declare global {
  interface HTMLElementTagNameMap {
    'landscape-tab': LandscapeTab;
  }
}
