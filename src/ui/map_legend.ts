import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { DIFFERENCE_WORDS, type Difference } from './difference';
import { formatNumber } from './number_format';
import { cssColour, DIFFERENCE_COLOURS, rampColours, stalledColour, type Palette } from './palettes';
import { sharedStyles } from './styles';

const DIFFERENCES: readonly Difference[] = ['rescued', 'broken', 'both', 'neither'];

/** What the colours of the maps mean. */
@customElement('map-legend')
export class MapLegend extends LitElement {
  @property({ attribute: false }) palette!: Palette;
  /** log₁₀ of the mean relative loss at the ends of the converged ramp. */
  @property({ attribute: false }) range!: { poor: number; good: number };
  @property({ type: Boolean }) difference = false;

  static override styles = [
    sharedStyles,
    css`
      :host {
        font-size: 12px;
      }
      ul {
        display: grid;
        gap: 7px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: 72px 1fr;
        gap: 8px;
        align-items: center;
      }
      i {
        height: 12px;
        border-radius: 2px;
      }
      ul + ul {
        margin-top: 12px;
      }
    `,
  ];

  override render() {
    const { palette, range } = this;
    const gradient = (ramp: Palette['converged']) =>
      `linear-gradient(to right, ${rampColours(ramp, 9).map(cssColour).join(', ')})`;
    const swatch = (background: string, words: unknown) =>
      html`<li><i .style="background: ${background}"></i><span>${words}</span></li>`;
    return html`
      <ul>
        ${swatch(
          gradient(palette.converged),
          html`converged
            <span class="quiet number">
              mean loss ${formatNumber(10 ** range.poor, 2)} to ${formatNumber(10 ** range.good, 2)} of
              initial</span
            >`,
        )}
        ${swatch(gradient(palette.diverged), html`diverged <span class="quiet">at once to late</span>`)}
        ${swatch(cssColour(stalledColour(palette)), html`stalled <span class="quiet">neither of the two</span>`)}
      </ul>
      ${
        this.difference
          ? html`<ul>
              ${DIFFERENCES.map((name) => swatch(cssColour(DIFFERENCE_COLOURS[name]), DIFFERENCE_WORDS[name]))}
            </ul>`
          : ''
      }
    `;
  }
}
