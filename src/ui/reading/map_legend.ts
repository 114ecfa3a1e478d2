import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Activation, Rule } from '../../experiment/types';
import type { DifferenceCounts, StateCounts } from '../../view/cell_counts';
import type { Colouring, Range } from '../../view/colouring';
import { differenceRows, legendRows, rampStops, rampWords, type LegendRow } from '../../view/legend_rows';
import { formatCount } from '../../view/number_format';
import { cssColour, rampColours, type Palette, type Rgb } from '../../view/palettes';
import { REALISTIC } from '../../view/realistic_rates';
import type { Shading } from '../../view/shading';
import { sharedStyles } from '../page/styles';
import './colour_range';

/** Of swatches with their words, row by row. */
export const legendStyles = css`
  :host {
    font-size: 0.75rem;
  }
  ul {
    display: grid;
    gap: 5px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  ul + ul {
    margin-top: 10px;
  }
  li {
    display: grid;
    grid-template-columns: 48px 1fr auto;
    gap: 8px;
    align-items: center;
  }
  i {
    height: 12px;
    border-radius: 2px;
    outline: 1px solid var(--line);
    forced-color-adjust: none;
  }
`;

/**
 * What the colours of the maps mean, as far as they can occur, with how many cells of each arm have them.
 * @fires range with the ends of the colour range that were chosen, or null for the automatic ones
 */
@customElement('map-legend')
export class MapLegend extends LitElement {
  @property({ attribute: false }) palette!: Palette;
  @property({ attribute: false }) rule!: Rule;
  @property({ attribute: false }) shading!: Shading;
  /** Nothing can be chosen. */
  @property({ type: Boolean }) fixed = false;
  /** Realistic learning rates are marked. */
  @property({ type: Boolean }) rates = false;
  /** The range is the automatic one. */
  @property({ type: Boolean }) automatic = true;
  /** Colours go by rank. */
  @property({ type: Boolean }) ranked = false;
  /** Names of the arms, and their cells by state. */
  @property({ attribute: false }) arms: readonly string[] = [];
  @property({ attribute: false }) counts: readonly StateCounts[] = [];
  /** Cells of the third map by what it says; nothing where there is none. */
  @property({ attribute: false }) differences: DifferenceCounts | undefined;
  @property() colouring: Colouring = 'outcome';
  @property() activation: Activation = 'relu';

  static override styles = [
    sharedStyles,
    legendStyles,
    css`
      .hatched {
        background: repeating-linear-gradient(135deg, #00000088 0 1px, #ffffff66 1px 5px), #7a7f87;
      }
      .band i {
        height: 3px;
        background: var(--band);
      }
      a {
        display: inline-block;
        line-height: 24px;
        margin: -4px 0;
        color: inherit;
      }
      sup {
        font-size: 0.625rem;
        line-height: 0;
      }
      .counts {
        display: flex;
        gap: 8px;
        font-weight: 550;
      }
      .counts span:nth-child(1) {
        color: var(--arm-0);
      }
      .counts span:nth-child(2) {
        color: var(--arm-1);
      }
    `,
  ];

  override render() {
    return html`
      ${this.range()}
      <ul aria-label="Legend of the maps">
        ${legendRows(this, (state) => this.total(state)).map((row) => this.row(row))}
        ${this.row({ state: 'unfinished', colours: [], name: 'not finished yet', words: '' })}
        ${this.rates ? this.band() : nothing}
      </ul>
      ${this.differences ? this.difference(this.differences) : nothing}
    `;
  }

  /** The ramp whose range can be chosen. */
  private range() {
    const { shading, palette, colouring, activation } = this;
    const { range, scale } = shading;
    if (!range || !scale || this.fixed) return nothing;
    const { name, about } = rampWords(colouring, activation);
    return html`<p class="quiet">${[name, ...(about ? [about] : [])].join(', ')}</p>
      <colour-range
        .name=${name}
        .range=${range}
        .scale=${scale}
        .numbers=${shading.numbers}
        .colours=${rampStops(palette, colouring).map(cssColour)}
        ?automatic=${this.automatic}
        ?ranked=${this.ranked}
        @range=${({ detail }: CustomEvent<Range | null>) => this.dispatchEvent(new CustomEvent('range', { detail }))}
      ></colour-range>`;
  }

  /** What marks the learning rates that people use. */
  private band() {
    return html`<li class="band" title="Typical for standardized inputs, though no strict range">
      <i></i>
      <span
        >realistic learning rates
        <span class="quiet number"
          >10<sup>−6</sup> to 1 (<a href=${REALISTIC.source} target="_blank" rel="noreferrer">Bengio 2012</a
          >)</span
        ></span
      >
    </li>`;
  }

  private difference(counts: DifferenceCounts) {
    return html`<ul aria-label="Legend of the difference">
      ${differenceRows(this.arms).map(
        ({ difference, colours, name }) =>
          html`<li data-difference=${difference}>
            <i .style="background: ${background(colours)}"></i>
            <span>${name}</span>
            <span class="number counts">${formatCount(counts[difference])}</span>
          </li>`,
      )}
    </ul>`;
  }

  private row({ state, colours, name, words }: LegendRow) {
    const counts = state ? this.counts.map((each) => each[state]) : [];
    const spoken = counts.map((count, arm) => `${count} ${this.arms[arm]}`).join(', ');
    return html`<li data-state=${state ?? this.colouring} data-counts=${counts.join()}>
      ${
        colours.length === 0
          ? html`<i class="hatched"></i>`
          : html`<i .style="background: ${background(colours)}"></i>`
      }
      <span>${name} <span class="quiet number">${words}</span></span>
      <span class="number counts" role="img" aria-label=${spoken}>
        ${counts.map((count) => html`<span aria-hidden="true">${formatCount(count)}</span>`)}
      </span>
    </li>`;
  }

  private total(state: keyof StateCounts): number {
    return this.counts.reduce((sum, counts) => sum + counts[state], 0);
  }
}

/** A flat colour, or a ramp from left to right. */
function background(colours: readonly Rgb[]): string {
  const [first] = colours;
  return colours.length === 1
    ? cssColour(first!)
    : `linear-gradient(to right, ${colours.map(cssColour).join(', ')})`;
}

export function gradient(ramp: Palette['converged']): string {
  return background(rampColours(ramp, 9));
}
