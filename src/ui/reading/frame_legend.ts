import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Difference } from '../../view/difference';
import { FRAME_RANGE } from '../../view/frame_picture';
import { formatNumber } from '../../view/number_format';
import { cssColour, DIFFERENCE_COLOURS, oklchToRgb, type Palette } from '../../view/palettes';
import { sharedStyles } from '../page/styles';
import { gradient, legendStyles } from './map_legend';

const DIFFERENCES: Readonly<Record<Difference, string>> = {
  rescued: 'below the initial loss only in the second',
  broken: 'below it only in the first',
  both: 'below it in both',
  neither: 'below it in neither',
};

/** What the colours of the maps mean while they show a step of training. */
@customElement('frame-legend')
export class FrameLegend extends LitElement {
  @property({ attribute: false }) palette!: Palette;
  /** Whether there is a map of the difference. */
  @property({ type: Boolean }) compares = false;

  static override styles = [sharedStyles, legendStyles];

  override render() {
    const { palette } = this;
    const range = `${formatNumber(10 ** FRAME_RANGE.poor)} to ${formatNumber(10 ** FRAME_RANGE.good)} of initial`;
    return html`
      <ul aria-label="Legend of the maps">
        ${row(gradient(palette.converged), 'loss so far', range)}
        ${row(cssColour(oklchToRgb(palette.risen)), 'above', 'the initial loss')}
        ${row(gradient(palette.diverged), 'diverged', 'at once to late')}
      </ul>
      ${
        this.compares
          ? html`<ul aria-label="Legend of the difference">
              ${Object.entries(DIFFERENCES).map(([name, words]) =>
                row(cssColour(DIFFERENCE_COLOURS[name as Difference]), name, words),
              )}
            </ul>`
          : nothing
      }
    `;
  }
}

function row(background: string, name: string, words: string) {
  return html`<li>
    <i .style="background: ${background}"></i>
    <span>${name} <span class="quiet number">${words}</span></span>
  </li>`;
}
