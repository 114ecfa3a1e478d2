import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Activation, Rule } from '../../experiment/types';
import { differenceWords, type Difference } from '../../view/difference';
import type { DifferenceCounts, StateCounts } from '../../view/cell_counts';
import { colouringWords, type Colouring, type Range } from '../../view/colouring';
import { formatCount } from '../../view/number_format';
import {
  cssColour,
  DIFFERENCE_COLOURS,
  oklchToRgb,
  RAMP_STEPS,
  rampColours,
  type Palette,
} from '../../view/palettes';
import { REALISTIC } from '../../view/realistic_rates';
import type { Look, Shading } from '../../view/shading';
import { STATES } from '../../training/outcome';
import { COLOURED_COLUMNS, columnOf, type ColouredColumn } from '../../training/outcome_columns';
import { sharedStyles } from '../page/styles';
import './colour_range';

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
        ${this.rows()} ${this.row('unfinished', 'hatched', 'not finished yet', '', true)}
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
    const isLoss = colouring === 'outcome' || colouring === 'score';
    const about = isColumn(colouring) ? columnOf(colouring).colour!.about : undefined;
    const name = isLoss ? 'mean loss of what converged, of initial' : colouringWords(colouring, activation);
    return html`<p class="quiet">${[name, ...(about ? [about] : [])].join(', ')}</p>
      <colour-range
        .name=${name}
        .range=${range}
        .scale=${scale}
        .numbers=${shading.numbers}
        .colours=${rampColours(palette[isLoss ? 'converged' : 'amount'], 9).map(cssColour)}
        ?automatic=${this.automatic}
        ?ranked=${this.ranked}
        @range=${({ detail }: CustomEvent<Range | null>) => this.dispatchEvent(new CustomEvent('range', { detail }))}
      ></colour-range>`;
  }

  private rows() {
    const { colouring } = this;
    switch (colouring) {
      case 'outcome':
        return this.outcomes(false);
      case 'class':
        return this.outcomes(true);
      case 'score':
        return this.scores();
      case 'share':
        return [this.row(undefined, this.background('amount'), 'seeds that train', 'none to all', true)];
      default:
        return this.column(colouring);
    }
  }

  /** @param isFlat every class has one colour */
  private outcomes(isFlat: boolean) {
    const { rule } = this;
    const threshold = rule.type === 'threshold';
    const seen = (name: keyof StateCounts) => this.total(name) > 0;
    const of = (look: Look) => this.background(look, isFlat);
    return [
      this.row('converged', of('converged'), 'converged', isFlat ? '' : 'poorly to well', true),
      this.row(
        'already',
        of('already'),
        'already',
        'below the target at step 0',
        threshold && seen('already'),
      ),
      this.row('slow', of('slow'), 'slow', 'there within ten times the steps', threshold),
      this.row('stuck', of('stuck'), 'stuck', 'not even then', threshold),
      this.row('risen', of('risen'), 'stuck', 'above the initial loss', threshold && seen('risen')),
      this.row('diverged', of('diverged'), 'diverged', isFlat ? '' : 'at once to late', true),
      this.row('dead', of('dead'), 'dead', 'blew up, whatever came after', seen('dead')),
    ];
  }

  private scores() {
    const other = 'Σ initial / loss: none to as many as steps';
    return [
      this.row('converged', this.background('converged'), 'converged', 'Σ loss / initial: many to few', true),
      this.row(undefined, this.background('diverged'), 'not converged', other, true),
      this.row(
        'dead',
        this.background('dead'),
        'dead',
        'blew up, whatever came after',
        this.total('dead') > 0,
      ),
    ];
  }

  private column(name: ColouredColumn) {
    const { missing } = columnOf(name).colour!;
    const states = STATES.filter((state) => missing[state] !== undefined && this.total(state) > 0);
    return [
      this.row(
        undefined,
        this.background('amount'),
        colouringWords(name, this.activation),
        'least to most',
        true,
      ),
      ...states.map((state) => this.row(state, this.background(state, true), state, missing[state]!, true)),
    ];
  }

  /** @param isFlat the middle of a ramp stands for all of it */
  private background(look: Look, isFlat = false): string {
    const colour = this.palette[look];
    if (!('from' in colour)) return cssColour(oklchToRgb(colour));
    return isFlat ? cssColour(rampColours(colour)[RAMP_STEPS / 2]!) : gradient(colour);
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

function isColumn(colouring: Colouring): colouring is ColouredColumn {
  return COLOURED_COLUMNS.some((name) => name === colouring);
}
