import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatNumber } from '../../view/number_format';
import { fieldColumnStyles, fieldStyles, listField, logSliderField, sliderField } from '../page/fields';
import type { Range } from '../page/link_settings';
import { sharedStyles } from '../page/styles';
import { RANGES, withDepth, withEntry, type ChainView } from './chain_view';
import { subscript } from './factor_words';

/**
 * The settings of the Chain rule tab.
 * @fires entry with the settings that were changed
 */
@customElement('chain-controls')
export class ChainControls extends LitElement {
  @property({ attribute: false }) view!: ChainView;

  static override styles = [sharedStyles, fieldStyles, fieldColumnStyles];

  override render() {
    const { view } = this;
    const layers = view.weights.map((_, layer) => [String(layer + 1), `w${subscript(layer)}`] as const);
    const isNetwork = view.net === 'network';
    return html`
      <h2>Network</h2>
      ${listField('kind', view.net, NETS, (net) => this.enter({ net, step: 0 }))}
      ${listField('weights', String(view.weights.length), DEPTHS, (depth) =>
        this.enter(withDepth(view, Number(depth))),
      )}
      ${
        isNetwork
          ? html`${listField('width', String(view.width), WIDTHS, (width) =>
              this.enter({ width: Number(width), step: 0 }),
            )}
            ${listField('φ', view.activation, ACTIVATIONS, (activation) => this.enter({ activation, step: 0 }))}
            ${listField('batch norm', view.placement, PLACEMENTS, (placement) => this.enter({ placement, step: 0 }))}`
          : nothing
      }
      ${listField('γ and β', view.affine, AFFINES, (affine) => this.enter({ affine, step: 0 }))}
      ${logSliderField('learning rate η', view.rate, RANGES.rate, (rate) => this.enter({ rate, step: 0 }))}
      <h2>Look at</h2>
      ${listField('gradient of', String(view.layer), layers, (layer) => this.enter({ layer: Number(layer) }))}
      ${listField('multiply', String(view.scaled), layers, (scaled) => this.enter({ scaled: Number(scaled) }))}
      ${logSliderField('by a', view.scale, RANGES.scale, (scale) => this.enter({ scale }))}
      <h2>Weights at the start</h2>
      ${view.weights.map((weight, layer) =>
        logSliderField(`w${subscript(layer)}`, weight, RANGES.weight, (value) =>
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
        return sliderField(`b${subscript(layer)}`, value, RANGES.bias, 0.1, formatNumber(value), (at) =>
          this.enter({ biases: withEntry(biases, layer, Number(at.toFixed(1))), step: 0 }),
        );
      })}`;
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
