import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Activation, Rule } from '../../experiment/types';
import { differenceWords, type Difference } from '../../view/difference';
import type { DifferenceCounts, StateCounts } from '../../view/cell_counts';
import { colouringWords, type Colouring } from '../../view/colouring';
import { formatCount, formatNumber } from '../../view/number_format';
import { cssColour, DIFFERENCE_COLOURS, oklchToRgb, rampColours, type Palette } from '../../view/palettes';
import { OUTCOME_COLUMNS, type ColouredColumn } from '../../training/outcome_columns';
import { sharedStyles } from '../page/styles';

const DIFFERENCES: readonly Difference[] = ['rescued', 'broken', 'both', 'neither'];

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

/** What the colours of the maps mean, as far as they can occur, with how many cells of each arm have them. */
@customElement('map-legend')
export class MapLegend extends LitElement {
  @property({ attribute: false }) palette!: Palette;
  @property({ attribute: false }) rule!: Rule;
  /** log₁₀ of the mean relative loss at the ends of the converged ramp. */
  @property({ attribute: false }) range!: { poor: number; good: number };
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
      <ul aria-label="Legend of the maps">
        ${this.colouring === 'outcome' ? this.outcomes() : this.column(this.colouring)}
        ${this.row('unfinished', 'hatched', 'not finished yet', '', true)}
      </ul>
      ${this.differences ? this.difference(this.differences) : nothing}
    `;
  }

  private outcomes() {
    const { palette, range, rule } = this;
    const threshold = rule.type === 'threshold';
    const flat = (name: 'stuck' | 'risen' | 'already' | 'dead') => cssColour(oklchToRgb(palette[name]));
    const seen = (name: keyof StateCounts) => this.total(name) > 0;
    const losses = `mean loss ${formatNumber(10 ** range.poor, 2)} to ${formatNumber(10 ** range.good, 2)} of initial`;
    return [
      this.row('converged', gradient(palette.converged), 'converged', losses, true),
      this.row(
        'already',
        flat('already'),
        'already',
        'below the target at step 0',
        threshold && seen('already'),
      ),
      this.row('slow', gradient(palette.slow), 'slow', 'there within ten times the steps', threshold),
      this.row('stuck', flat('stuck'), 'stuck', 'not even then', threshold),
      this.row('risen', flat('risen'), 'stuck', 'above the initial loss', threshold && seen('risen')),
      this.row('diverged', gradient(palette.diverged), 'diverged', 'at once to late', true),
      this.row('dead', flat('dead'), 'dead', 'blew up, whatever came after', seen('dead')),
    ];
  }

  private column(name: ColouredColumn) {
    const { palette, activation } = this;
    const { range, missing } = OUTCOME_COLUMNS[name].colour;
    return [
      this.row(undefined, gradient(palette.amount), colouringWords(name, activation), range, true),
      this.row('diverged', cssColour(rampColours(palette.diverged, 2)[0]!), 'diverged', missing, true),
    ];
  }

  private difference(counts: DifferenceCounts) {
    return html`<ul aria-label="Legend of the difference">
      ${DIFFERENCES.map(
        (name) =>
          html`<li data-difference=${name}>
            <i .style="background: ${cssColour(DIFFERENCE_COLOURS[name])}"></i>
            <span>${differenceWords(name, this.arms)}</span>
            <span class="number counts">${formatCount(counts[name])}</span>
          </li>`,
      )}
    </ul>`;
  }

  private row(
    state: keyof StateCounts | undefined,
    background: string,
    name: string,
    words: string,
    isShown: boolean,
  ) {
    if (!isShown) return nothing;
    const counts = state ? this.counts.map((each) => each[state]) : [];
    const spoken = counts.map((count, arm) => `${count} ${this.arms[arm]}`).join(', ');
    return html`<li data-state=${state ?? this.colouring} data-counts=${counts.join()}>
      ${
        background === 'hatched'
          ? html`<i class="hatched"></i>`
          : html`<i .style="background: ${background}"></i>`
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

export function gradient(ramp: Palette['converged']): string {
  return `linear-gradient(to right, ${rampColours(ramp, 9).map(cssColour).join(', ')})`;
}
