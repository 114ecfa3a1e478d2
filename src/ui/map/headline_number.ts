import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ArmRate, Headline, Spread } from '../../view/headline';
import { formatNumber } from '../../view/number_format';
import { parameterLabel, parameterName } from '../../view/parameter_names';
import { PHONE, sharedStyles } from '../page/styles';

/** Characters of a number in large type. */
const SHORT = 7;

/** The one number: the largest learning rate that trains, arm by arm, and the ratio of the first two. */
@customElement('headline-number')
export class HeadlineNumber extends LitElement {
  @property({ attribute: false }) headline: Headline | undefined;
  @property({ attribute: false }) arms: readonly string[] = [];
  /** Whether more is being looked for. */
  @property({ type: Boolean }) searching = false;

  static override styles = [
    sharedStyles,
    css`
      dl {
        display: grid;
        grid-auto-flow: column;
        grid-auto-columns: minmax(0, 13rem);
        gap: 0 16px;
        margin: 0;
      }
      dt {
        color: var(--quiet);
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      dd {
        margin: 0;
      }
      .value {
        font-size: 1.5rem;
        font-weight: 600;
        line-height: 1.875rem;
        letter-spacing: -0.01em;
        white-space: nowrap;
      }
      /* What does not fit a column otherwise. */
      .value.long {
        font-size: 1.0625rem;
      }
      div:nth-child(1) .value {
        color: var(--arm-0);
      }
      div:nth-child(2) .value {
        color: var(--arm-1);
      }
      .ratio .value {
        color: inherit;
      }
      /* Room for both lines from the start, so that nothing moves when they are known. */
      .spread {
        color: var(--quiet);
        font-size: 0.75rem;
        line-height: 15px;
        min-height: 30px;
      }
      .spread span {
        display: block;
      }
      /* It stays in view there while the maps scroll. */
      @media ${PHONE} {
        p {
          font-size: 11.5px;
          line-height: 14px;
        }
        dl {
          gap: 0 10px;
        }
        dt {
          font-size: 11.5px;
          line-height: 15px;
        }
        .value {
          font-size: 16px;
          line-height: 20px;
        }
        .value.long {
          font-size: 13px;
        }
        .spread {
          font-size: 10.5px;
          line-height: 13px;
          min-height: 13px;
          overflow: hidden;
          text-overflow: ellipsis;
          white-space: nowrap;
        }
        .spread span + span {
          display: none;
        }
      }
    `,
  ];

  override render() {
    const { headline, searching } = this;
    if (!headline)
      return html`<p class="quiet">Neither axis is a learning rate, so there is no largest one.</p>`;
    const { at, ratio, most, seeds } = headline;
    const where = at ? `, at ${parameterLabel(at.parameter)} = ${formatNumber(at.value)}` : '';
    return html`
      <p class="quiet small" data-searching=${searching}>
        Largest ${parameterName(headline.along.parameter).name} that trains${where}${searching ? ' …' : ''}
      </p>
      <dl class="number">
        ${headline.arms.map(
          (arm, index) =>
            html`<div data-arm=${index}>
              <dt>${this.arms[index]}</dt>
              <dd class=${valueClass(rateWords(arm.all, most))}>${rateWords(arm.all, most)}</dd>
              <dd class="spread">
                ${armSpread(arm, most, seeds).map((words) => html`<span>${words}</span>`)}
              </dd>
            </div>`,
        )}
        ${ratio ? this.ratio(ratio, seeds) : nothing}
      </dl>
    `;
  }

  private ratio({ spread, bound }: NonNullable<Headline['ratio']>, seeds: number) {
    const words = bound === '?' ? '?' : `${bound} ${timesWords(spread)}`.trim();
    return html`<div class="ratio">
      <dt>ratio</dt>
      <dd class=${valueClass(words)}>${words}</dd>
      <dd class="spread">
        ${this.ratioSpread(spread, bound, seeds).map((line) => html`<span>${line}</span>`)}
      </dd>
    </div>`;
  }

  private ratioSpread(spread: Spread, bound: string, seeds: number): string[] {
    if (spread.kind !== 'found') return [];
    const words = seeds > 1 ? [`median of ${seeds} seeds`] : [];
    if (bound === '?') return [...words, 'both beyond the axis'];
    if (spread.median === Infinity) return [...words, `only ${this.arms[1]}`];
    if (spread.median === 0) return [...words, `only ${this.arms[0]}`];
    return seeds > 1
      ? [
          ...words,
          `half: ${timesWords({ ...spread, kind: 'found', median: spread.low })}–${timesWords({ ...spread, median: spread.high })}`,
        ]
      : words;
  }
}

function valueClass(words: string): string {
  return words.length > SHORT ? 'value long' : 'value';
}

/** @param most the largest rate of the axis */
export function rateWords(spread: Spread, most: number): string {
  switch (spread.kind) {
    case 'unknown':
      return '…';
    case 'between':
      return `${formatNumber(spread.low, 2)} to ${formatNumber(spread.high, 2)}`;
    case 'found':
      if (spread.median === 0) return `none up to ${formatNumber(most, 2)}`;
      return spread.median === Infinity ? `${formatNumber(most, 2)} or more` : formatNumber(spread.median, 2);
  }
}

/** The quartiles, and rates that train beyond one that does not. */
function armSpread({ all, any, already }: ArmRate, most: number, seeds: number): readonly string[] {
  if (already) return ['below the target before any training'];
  if (all.kind !== 'found') return [];
  const quartile = (value: number) =>
    value === Infinity ? `${formatNumber(most, 2)} or more` : formatNumber(value, 2);
  const words: string[] = [];
  if (seeds > 1 && all.low < all.high) words.push(`half: ${quartile(all.low)}–${quartile(all.high)}`);
  if (any !== undefined) words.push(`some up to ${quartile(any)}`);
  return words;
}

export function timesWords(spread: Spread): string {
  const times = (value: number) => (value === Infinity ? '∞' : `${formatNumber(value, 2)}×`);
  switch (spread.kind) {
    case 'unknown':
      return '…';
    case 'between':
      if (spread.low === Infinity) return '∞';
      return spread.high === Infinity
        ? `${times(spread.low)} or more`
        : `${times(spread.low)} to ${times(spread.high)}`;
    case 'found':
      return times(spread.median);
  }
}
