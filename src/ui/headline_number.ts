import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ArmRate, Headline, Spread } from './headline';
import { formatNumber } from './number_format';
import { parameterLabel, parameterName } from './parameter_names';
import { PHONE, sharedStyles } from './styles';

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
        display: flex;
        flex-wrap: wrap;
        gap: 4px 20px;
        margin: 0;
      }
      div {
        display: grid;
        grid-template: 'name value' auto '. spread' 16px / auto auto;
        align-items: baseline;
        justify-content: start;
        gap: 0 8px;
      }
      dt {
        color: var(--quiet);
      }
      dd {
        margin: 0;
      }
      .value {
        font-size: 1.5rem;
        font-weight: 600;
        line-height: 1.3;
        letter-spacing: -0.01em;
        white-space: nowrap;
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
      .spread {
        grid-area: spread;
        color: var(--quiet);
        font-size: 0.75rem;
        line-height: 16px;
        white-space: nowrap;
      }
      /* Side by side they might take a second line, and move the maps, when a rate changes. */
      @media (max-width: 1799px) {
        div {
          grid-template: 'name' auto 'value' auto 'spread' 16px / auto;
        }
        .value {
          line-height: 1.25;
        }
      }
      /* It stays in view there while the maps scroll. */
      @media ${PHONE} {
        p {
          font-size: 11.5px;
          line-height: 14px;
          min-height: 28px;
          display: grid;
          align-content: end;
        }
        dl {
          gap: 0 16px;
        }
        dt {
          font-size: 11.5px;
          line-height: 15px;
        }
        .value {
          font-size: 18px;
          line-height: 22px;
        }
        .spread {
          font-size: 11px;
        }
      }
    `,
  ];

  override render() {
    const { headline, searching } = this;
    if (!headline)
      return html`<p class="quiet">Neither axis is a learning rate, so there is no largest one.</p>`;
    const { at, ratio, most, seeds } = headline;
    const where = at ? `, at ${parameterLabel(at.parameter)} ${formatNumber(at.value)}` : '';
    const over = seeds > 1 ? `: median of ${seeds} seeds` : '';
    return html`
      <p class="quiet small" data-searching=${searching}>
        Largest ${parameterName(headline.along.parameter).name} that
        trains${where}${over}${searching ? ' …' : ''}
      </p>
      <dl class="number">
        ${headline.arms.map(
          (arm, index) =>
            html`<div data-arm=${index}>
              <dt>${this.arms[index]}</dt>
              <dd class="value">${rateWords(arm.all, most)}</dd>
              <dd class="spread">${armSpread(arm, most, seeds)}</dd>
            </div>`,
        )}
        ${ratio ? this.ratio(ratio, seeds) : nothing}
      </dl>
    `;
  }

  private ratio({ spread, bound }: NonNullable<Headline['ratio']>, seeds: number) {
    return html`<div class="ratio">
      <dt>ratio</dt>
      <dd class="value">${bound === '?' ? 'beyond the map' : `${bound} ${timesWords(spread)}`.trim()}</dd>
      <dd class="spread">${this.ratioSpread(spread, bound, seeds)}</dd>
    </div>`;
  }

  private ratioSpread(spread: Spread, bound: string, seeds: number): string {
    if (spread.kind !== 'found' || bound === '?') return '';
    if (spread.median === Infinity) return `only ${this.arms[1]}`;
    if (spread.median === 0) return `only ${this.arms[0]}`;
    return seeds > 1 ? `${timesWords({ ...spread, kind: 'between' })}` : '';
  }
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
function armSpread({ all, any, already }: ArmRate, most: number, seeds: number): string {
  if (already) return 'below the target before any training';
  if (all.kind !== 'found') return '';
  const quartile = (value: number) =>
    value === Infinity ? `${formatNumber(most, 2)} or more` : formatNumber(value, 2);
  const words: string[] = [];
  if (seeds > 1 && all.low < all.high) words.push(`${quartile(all.low)} to ${quartile(all.high)}`);
  if (any !== undefined) words.push(`single rates up to ${quartile(any)}`);
  return words.join('; ');
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
