import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { size } from '../../theory/gradient_factors';
import { placesOf, type Pass, type SmallNetwork } from '../../theory/small_network';
import { formatNumber } from '../../view/number_format';
import { sharedStyles } from '../page/styles';
import { weightName } from './factor_words';

/** Units of the drawing for each layer, and beside all of them. */
const GAP = 66;
const BESIDE = 52;
const HEIGHT = 168;
const MIDDLE = 78;
const SPREAD = 22;

/**
 * The units of a network with their weights between them, and below each layer the size of its signal and of its gradient over the batch.
 * A thicker line is a larger weight.
 */
@customElement('network-drawing')
export class NetworkDrawing extends LitElement {
  @property({ attribute: false }) network!: SmallNetwork;
  @property({ attribute: false }) parameters!: Float64Array;
  @property({ attribute: false }) pass!: Pass;
  /** The layer whose gradient is looked at, from 0. */
  @property({ type: Number }) layer = 0;

  static override styles = [
    sharedStyles,
    css`
      svg {
        display: block;
        width: 100%;
        height: auto;
        fill: var(--text);
        font-size: 11px;
        font-variant-numeric: tabular-nums;
      }
      line {
        stroke: var(--quiet);
      }
      .chosen {
        stroke: var(--accent);
      }
      text.chosen {
        fill: var(--accent);
        stroke: none;
        font-weight: 650;
      }
      circle {
        fill: var(--panel);
        stroke: var(--text);
        stroke-width: 1.25;
      }
      rect {
        fill: var(--accent-soft);
        stroke: var(--accent);
      }
      .faint {
        fill: var(--quiet);
        font-size: 10px;
      }
    `,
  ];

  override render() {
    const { layers } = this.network;
    const width = BESIDE + GAP * Math.max(3, layers.length);
    const gap = (width - BESIDE) / layers.length;
    const columns = [1, ...layers.map(({ fanOut }) => fanOut)];
    const x = (column: number) => 26 + gap * column;
    const y = (column: number, unit: number) => MIDDLE + SPREAD * (unit - (columns[column]! - 1) / 2);
    return html`<svg
      .style="max-width: ${1.2 * width}px"
      viewBox="0 0 ${width} ${HEIGHT}"
      role="img"
      aria-label=${this.words()}
    >
      ${layers.map((_, layer) => this.edges(layer, x, y))}
      ${columns.map((count, column) =>
        Array.from(
          { length: count },
          (_, unit) => svg`<circle cx=${x(column)} cy=${y(column, unit)} r="8" />`,
        ),
      )}
      ${layers.map((shape, layer) =>
        shape.normalized
          ? svg`<rect x=${x(layer + 1) - 25} y=${MIDDLE - 62} width="23" height="15" rx="3" />
              <text x=${x(layer + 1) - 13.5} y=${MIDDLE - 51} text-anchor="middle">BN</text>`
          : nothing,
      )}
      ${layers.map((shape, layer) =>
        shape.activation === 'identity'
          ? nothing
          : svg`<text x=${x(layer + 1) + 5} y=${MIDDLE - 51} text-anchor="middle">φ</text>`,
      )}
      <text class="faint" x="26" y=${MIDDLE - 51} text-anchor="middle">x</text>
      ${columns.map((_, column) => this.sizes(column, x(column)))}
      <text class="faint" x="26" y="164" text-anchor="middle">a, ∂</text>
    </svg>`;
  }

  private edges(layer: number, x: (column: number) => number, y: (column: number, unit: number) => number) {
    const { fanIn, fanOut } = this.network.layers[layer]!;
    const { weights } = placesOf(this.network)[layer]!;
    const isChosen = layer === this.layer;
    const middle = (x(layer) + x(layer + 1)) / 2;
    const value = fanIn * fanOut === 1 ? formatNumber(this.parameters[weights]!, 3) : '';
    return svg`
      ${Array.from({ length: fanIn * fanOut }, (_, at) => {
        const [from, to] = [Math.floor(at / fanOut), at % fanOut];
        return svg`<line
          class=${isChosen ? 'chosen' : ''}
          x1=${x(layer) + 8} y1=${y(layer, from)} x2=${x(layer + 1) - 8} y2=${y(layer + 1, to)}
          stroke-width=${thickness(this.parameters[weights + at]!)} />`;
      })}
      <text class=${isChosen ? 'chosen' : ''} x=${middle} y="12" text-anchor="middle">${weightName(this.network, layer)}</text>
      <text class=${isChosen ? 'chosen' : 'faint'} x=${middle} y="128" text-anchor="middle">${value}</text>`;
  }

  /** Of what leaves a column: its signal, and the gradient that comes back to it. */
  private sizes(column: number, x: number) {
    const { samples } = this.pass;
    const { signal, gradient } = columnOf(this.pass, column);
    return column === 0
      ? nothing
      : svg`<text class="faint" x=${x} y="148" text-anchor="middle">${formatNumber(size(signal, samples), 2)}</text>
          <text class="faint" x=${x} y="164" text-anchor="middle">${formatNumber(size(gradient, samples), 2)}</text>`;
  }

  private words(): string {
    const { layers } = this.network;
    const { samples } = this.pass;
    const parts = layers.map((_, layer) => {
      const { signal, gradient } = columnOf(this.pass, layer + 1);
      return `layer ${layer + 1}: signal ${formatNumber(size(signal, samples))}, gradient ${formatNumber(size(gradient, samples))}`;
    });
    return `Network of ${layers.length} layers, sizes over the batch; ${parts.join('; ')}`;
  }
}

/** What leaves a layer (0 is the input), and ∂ℓ/∂ of it. */
function columnOf({ operations }: Pass, column: number) {
  const own = operations.filter(({ layer }) => layer === Math.max(0, column - 1));
  const edge = column === 0 ? own[0]! : own.at(-1)!;
  return column === 0
    ? { signal: edge.input, gradient: edge.backward.at(-1)!.result }
    : { signal: edge.output, gradient: edge.outputGradient };
}

/** Pixels for a weight: a factor of ten is a few. */
function thickness(weight: number): number {
  return Math.min(7, Math.max(0.5, 2.2 + 2.2 * Math.log10(Math.abs(weight))));
}

declare global {
  interface HTMLElementTagNameMap {
    'network-drawing': NetworkDrawing;
  }
}
