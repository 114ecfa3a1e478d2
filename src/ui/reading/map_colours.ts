import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import {
  COLOURINGS,
  colouringRefusal,
  colouringWords,
  measureOf,
  scaleOf,
  type Colouring,
} from '../../view/colouring';
import { PALETTES } from '../../view/palettes';
import { follow } from '../page/follow';
import { PHONE, sharedStyles } from '../page/styles';
import type { MapState } from '../map/map_state';

/** How the maps are read: what their colours tell, and what is drawn over them. Nothing of it trains anything. */
@customElement('map-colours')
export class MapColours extends LitElement {
  @property({ attribute: false }) map!: MapState;

  constructor() {
    super();
    follow(this, () => [this.map]);
  }

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        gap: 6px;
        font-size: 0.75rem;
      }
      .choices {
        display: grid;
        grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
        gap: 8px;
      }
      select {
        width: 100%;
        height: 24px;
        font-size: 0.75rem;
      }
      button {
        height: 24px;
        font-size: 0.75rem;
      }
      [aria-pressed='true'] {
        background: var(--accent-soft);
        border-color: var(--accent);
      }
      button:disabled {
        opacity: 0.5;
        cursor: default;
      }
      @media ${PHONE} {
        .choices {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }
    `,
  ];

  override render() {
    const { view } = this.map;
    return html`
      <div class="choices">
        <select
          aria-label="Coloured by"
          @change=${({ target }: Event) => {
            const colouring = COLOURINGS.find(
              (name) => target instanceof HTMLSelectElement && name === target.value,
            );
            if (colouring) this.map.setColouring(colouring);
          }}
        >
          ${COLOURINGS.map((name) => this.colouring(name))}
        </select>
        <select
          aria-label="Colours"
          @change=${({ target }: Event) =>
            this.map.setPalette(target instanceof HTMLSelectElement ? target.value : view.palette)}
        >
          ${PALETTES.map(
            ({ id, name }) => html`<option value=${id} .selected=${id === view.palette}>${name}</option>`,
          )}
        </select>
      </div>
      <div class="row">
        ${this.switch('equalize', 'by rank', 'Each colour on equally many trials', scaleOf(view.colouring) !== undefined)}
        ${this.switch('boundary', 'boundary', 'Between what trains and what does not, and its dimension', this.hasTwoAxes)}
        ${this.theory()}
      </div>
    `;
  }

  private get hasTwoAxes(): boolean {
    return this.map.page.view.experiment.axes.y !== undefined;
  }

  private colouring(name: Colouring) {
    const { view, page } = this.map;
    const { experiment } = page.view;
    const refusal = colouringRefusal(name, experiment);
    const words = `by ${colouringWords(name, experiment.model.activation)}`;
    const measure = measureOf(name);
    const isTrained = measure !== undefined && !experiment.measures.includes(measure);
    const remark = refusal ?? (isTrained ? 'trains once more' : undefined);
    return html`<option
      value=${name}
      .selected=${name === view.colouring}
      ?disabled=${refusal !== undefined && name !== view.colouring}
    >
      ${remark ? `${words} (${remark})` : words}
    </option>`;
  }

  /** Where theory says nothing in closed form, its curve can be measured. */
  private theory() {
    const { map } = this;
    if (map.theory.length > 0 || !map.canMeasureTheory)
      return this.switch(
        'theory',
        'theory',
        'What theory predicts of this experiment',
        map.theory.length > 0,
      );
    return html`<button
      title="No closed form is known here: draws 2/|λ|, λ the sharpness measured where each trial starts (trains once more)"
      aria-pressed="false"
      @click=${() => map.measureTheory()}
    >
      theory
    </button>`;
  }

  private switch(name: 'equalize' | 'boundary' | 'theory', label: string, title: string, isOffered: boolean) {
    return html`<button
      title=${title}
      aria-pressed=${this.map.view[name] && isOffered}
      ?disabled=${!isOffered}
      @click=${() => this.map.toggle(name)}
    >
      ${label}
    </button>`;
  }
}
