import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EdgeSlope } from '../../view/edge_slope';
import { formatMeasured, formatNumber } from '../../view/number_format';
import { sharedStyles } from '../page/styles';
import type { ArmTheory } from './theories';

/** The laws that are drawn over the maps, and slopes of the divergence edge beside those that were measured. */
@customElement('theory-findings')
export class TheoryFindings extends LitElement {
  @property({ attribute: false }) arms: readonly ArmTheory[] = [];

  static override styles = [
    sharedStyles,
    css`
      :host {
        font-size: 0.75rem;
      }
      h3 {
        font-size: 0.75rem;
        font-weight: 550;
      }
      sup {
        font-size: 0.625rem;
        line-height: 0;
      }
      ul {
        display: grid;
        gap: 4px;
        margin: 2px 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: 30px 1fr;
        gap: 0 8px;
      }
      li > span {
        grid-column: 2;
      }
      i {
        height: 4px;
        margin-top: 7px;
        background: repeating-linear-gradient(to right, var(--prediction) 0 9px, var(--cross-edge) 9px 14px);
        outline: 1px solid var(--cross-edge);
      }
      i.measured {
        background: repeating-linear-gradient(to right, var(--prediction) 0 2px, var(--cross-edge) 2px 6px);
      }
    `,
  ];

  override render() {
    const arms = this.arms.filter(
      ({ predictions, predictedSlope }) => predictions.length > 0 || predictedSlope !== undefined,
    );
    return html`<h3 class="quiet">What theory says</h3>
      ${arms.map(
        ({ name, predictions, predictedSlope, slope }) =>
          html`<p>${name}</p>
            <ul>
              ${predictions.map(
                ({ formula, words, constant, isMeasured }) =>
                  html`<li>
                    <i class=${isMeasured ? 'measured' : ''}></i>
                    <span class="number"
                      >${raised(formula)}${constant === undefined ? nothing : ` = ${formatNumber(constant)}`}
                      <span class="quiet">${words}</span></span
                    >
                  </li>`,
              )}
              ${
                predictedSlope === undefined
                  ? nothing
                  : html`<li data-slope=${slope?.slope ?? ''}>
                      <span class="number"
                        >edge ~ gain<sup>${formatNumber(predictedSlope)}</sup>
                        <span class="quiet"
                          >divergence at large gains; measured here: ${slopeWords(slope)}</span
                        ></span
                      >
                    </li>`
              }
            </ul>`,
      )}`;
  }
}

function raised(formula: string) {
  return formula.split(/\^\{([^}]*)\}/).map((part, i) => (i % 2 === 0 ? part : html`<sup>${part}</sup>`));
}

function slopeWords(slope: EdgeSlope | undefined): string {
  if (!slope) return 'too few gains have an edge';
  return `${formatMeasured(slope.slope, slope.error)} over ${slope.gains} gains`;
}
