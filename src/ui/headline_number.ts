import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Headline, LargestRate } from './headline';
import { formatNumber } from './number_format';
import { parameterLabel, parameterName } from './parameter_names';
import { sharedStyles } from './styles';

/** The one number: the largest learning rate that still trains, arm by arm, and the ratio of the first two. */
@customElement('headline-number')
export class HeadlineNumber extends LitElement {
  @property({ attribute: false }) headline: Headline | undefined;
  @property({ attribute: false }) arms: readonly string[] = [];

  static override styles = [
    sharedStyles,
    css`
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 4px 28px;
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 28px;
        margin: 0;
      }
      div {
        display: flex;
        align-items: baseline;
        gap: 8px;
      }
      dd {
        margin: 0;
        font-size: 24px;
        font-weight: 600;
        letter-spacing: -0.01em;
      }
      div:nth-child(1) dd {
        color: var(--arm-0);
      }
      div:nth-child(2) dd {
        color: var(--arm-1);
      }
      .ratio dd {
        color: inherit;
      }
      dt {
        color: var(--quiet);
      }
    `,
  ];

  override render() {
    const { headline } = this;
    if (!headline)
      return html`<p class="quiet">Neither axis is a learning rate, so there is no largest one.</p>`;
    const { at, ratio, complete } = headline;
    return html`
      <p class="quiet small">
        Largest ${parameterName(headline.along.parameter).name} that still
        trains${at ? `, at ${parameterLabel(at.parameter)} ${formatNumber(at.value)}` : ''}${complete ? '' : ', so far'}
      </p>
      <dl class="number">
        ${headline.arms.map(
          (arm, index) =>
            html`<div data-arm=${index}>
              <dt>${this.arms[index]}</dt>
              <dd>${rateWords(arm)}</dd>
            </div>`,
        )}
        ${
          ratio
            ? html`<div class="ratio">
                <dt>ratio</dt>
                <dd>
                  ${ratio.bound === '?' ? 'beyond the map' : `${ratio.bound} ${formatNumber(ratio.value, 2)}×`}
                </dd>
              </div>`
            : nothing
        }
      </dl>
    `;
  }
}

function rateWords({ rate, atLeast }: LargestRate): string {
  if (rate === undefined) return 'none';
  return `${atLeast ? '≥ ' : ''}${formatNumber(rate, 2)}`;
}
