import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatNumber } from '../../view/number_format';
import { NARROW, PHONE, sharedStyles } from '../page/styles';
import { RANGES, withDepth, withEntry, type ChainView, type Range } from './chain_view';
import { subscript } from './factor_words';

/** Steps of a slider for each power of ten. */
const PER_DECADE = 100;

/**
 * The settings of the Chain rule tab.
 * @fires entry with the settings that were changed
 */
@customElement('chain-controls')
export class ChainControls extends LitElement {
  @property({ attribute: false }) view!: ChainView;

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        align-content: start;
        gap: 6px;
        font-size: 0.8125rem;
      }
      label {
        display: grid;
        grid-template-columns: 7.5rem minmax(0, 1fr);
        align-items: center;
        gap: 8px;
      }
      label.slider {
        grid-template-columns: 7.5rem minmax(0, 1fr) 3.25rem;
      }
      output {
        text-align: right;
      }
      input[type='range'] {
        width: 100%;
        padding: 0;
        accent-color: var(--accent);
      }
      h2 {
        margin-top: 8px;
      }
      @media ${NARROW} {
        :host {
          grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr));
          gap: 6px 24px;
        }
        h2 {
          grid-column: 1 / -1;
        }
      }
      @media ${PHONE} {
        label,
        label.slider {
          grid-template-columns: 6rem minmax(0, 1fr);
        }
        label.slider {
          grid-template-columns: 6rem minmax(0, 1fr) 3.25rem;
        }
      }
    `,
  ];

  override render() {
    const { view } = this;
    const layers = view.weights.map((_, layer) => [String(layer + 1), `w${subscript(layer)}`] as const);
    const isNetwork = view.net === 'network';
    return html`
      <h2>Network</h2>
      ${this.list('kind', view.net, NETS, (net) => this.enter({ net, step: 0 }))}
      ${this.list('weights', String(view.weights.length), DEPTHS, (depth) =>
        this.enter(withDepth(view, Number(depth))),
      )}
      ${
        isNetwork
          ? html`${this.list('width', String(view.width), WIDTHS, (width) =>
              this.enter({ width: Number(width), step: 0 }),
            )}
            ${this.list('φ', view.activation, ACTIVATIONS, (activation) => this.enter({ activation, step: 0 }))}
            ${this.list('batch norm', view.placement, PLACEMENTS, (placement) => this.enter({ placement, step: 0 }))}`
          : nothing
      }
      ${this.list('γ and β', view.affine, AFFINES, (affine) => this.enter({ affine, step: 0 }))}
      ${this.logSlider('learning rate η', view.rate, RANGES.rate, (rate) => this.enter({ rate, step: 0 }))}
      <h2>Look at</h2>
      ${this.list('gradient of', String(view.layer), layers, (layer) => this.enter({ layer: Number(layer) }))}
      ${this.list('multiply', String(view.scaled), layers, (scaled) => this.enter({ scaled: Number(scaled) }))}
      ${this.logSlider('by a', view.scale, RANGES.scale, (scale) => this.enter({ scale }))}
      <h2>Weights at the start</h2>
      ${view.weights.map((weight, layer) =>
        this.logSlider(`w${subscript(layer)}`, weight, RANGES.weight, (value) =>
          this.enter({ weights: view.weights.with(layer, value), step: 0 }),
        ),
      )}
      ${isNetwork ? this.biases() : nothing}
    `;
  }

  private biases() {
    const { weights, biases } = this.view;
    return html`<h2>Biases at the start</h2>
      ${weights.map((_, layer) => {
        const value = biases[layer] ?? 0;
        return this.slider(`b${subscript(layer)}`, value, RANGES.bias, 0.1, formatNumber(value), (at) =>
          this.enter({ biases: withEntry(biases, layer, Number(at.toFixed(1))), step: 0 }),
        );
      })}`;
  }

  private list<Value extends string>(
    label: string,
    value: Value,
    options: readonly (readonly [Value, string])[],
    choose: (value: Value) => void,
  ) {
    return html`<label>
      <span class="quiet">${label}</span>
      <select
        @change=${({ target }: Event) => {
          const found = options.find(
            ([option]) => target instanceof HTMLSelectElement && option === target.value,
          );
          if (found) choose(found[0]);
        }}
      >
        ${options.map(
          ([option, words]) => html`<option value=${option} .selected=${option === value}>${words}</option>`,
        )}
      </select>
    </label>`;
  }

  /** Values to three digits, so that links are short. */
  private logSlider(label: string, value: number, { least, most }: Range, choose: (value: number) => void) {
    const range = { least: Math.log10(least), most: Math.log10(most) };
    return this.slider(label, Math.log10(value), range, 1 / PER_DECADE, formatNumber(value), (log) =>
      choose(Math.min(most, Math.max(least, Number((10 ** log).toPrecision(3))))),
    );
  }

  private slider(
    label: string,
    at: number,
    { least, most }: Range,
    step: number,
    words: string,
    choose: (at: number) => void,
  ) {
    return html`<label class="slider">
      <span class="quiet">${label}</span>
      <input
        type="range"
        min=${least}
        max=${most}
        step=${step}
        aria-label=${label}
        aria-valuetext=${words}
        .value=${String(at)}
        @input=${({ target }: Event) => {
          if (target instanceof HTMLInputElement) choose(target.valueAsNumber);
        }}
      />
      <output class="number" aria-hidden="true">${words}</output>
    </label>`;
  }

  private enter(detail: Partial<ChainView>): void {
    this.dispatchEvent(new CustomEvent('entry', { detail }));
  }
}

const counts = ({ least, most }: Range) =>
  Array.from({ length: most - least + 1 }, (_, i) => [String(least + i), String(least + i)] as const);

const NETS = [
  ['chain', 'chain ŷ = w₁w₂…x'],
  ['network', 'layers with φ'],
] as const;
const DEPTHS = counts(RANGES.depth);
const WIDTHS = counts(RANGES.width);
const ACTIVATIONS = [
  ['relu', 'ReLU'],
  ['sigmoid', 'sigmoid'],
] as const;
const PLACEMENTS = [
  ['pre', 'before φ'],
  ['post', 'after φ'],
] as const;
const AFFINES = [
  ['trained', 'trained'],
  ['frozen', 'frozen at 1 and 0'],
] as const;

declare global {
  interface HTMLElementTagNameMap {
    'chain-controls': ChainControls;
  }
}
