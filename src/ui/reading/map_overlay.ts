import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Experiment } from '../../experiment/types';
import { realisticBand } from '../../view/realistic_rates';
import type { Prediction } from './predictions';

/** What is drawn over the cells of a map, in pixels of the screen: the boundary, what theory predicts, and which rates are realistic. */
@customElement('map-overlay')
export class MapOverlay extends LitElement {
  @property({ attribute: false }) axes!: Experiment['axes'];
  /** A path in units of cells. */
  @property() boundary = '';
  @property({ attribute: false }) predictions: readonly Prediction[] = [];

  static override styles = css`
    :host {
      position: absolute;
      inset: 0;
      pointer-events: none;
    }
    svg {
      position: absolute;
      width: 100%;
      height: 100%;
      fill: none;
    }
    path {
      vector-effect: non-scaling-stroke;
      stroke-linejoin: round;
      stroke-linecap: round;
    }
    .under {
      stroke: var(--cross-edge);
      stroke-width: 3px;
    }
    .over {
      stroke: var(--cross);
      stroke-width: 1.25px;
    }
    .prediction .under {
      stroke-width: 4px;
      stroke-linecap: butt;
    }
    .prediction .over {
      stroke: var(--prediction);
      stroke-width: 2px;
      stroke-linecap: butt;
      stroke-dasharray: 9 5;
    }
    .measured .over {
      stroke-dasharray: 2 4;
    }
    .band {
      position: absolute;
      background: var(--band);
      outline: 1px solid var(--page);
    }
    .band.x {
      bottom: 0;
      height: 3px;
    }
    .band.y {
      left: 0;
      width: 3px;
    }
  `;

  override render() {
    const { x, y } = this.axes;
    return html`${this.cells(x.count, y?.count ?? 1)} ${this.curves()}
    ${[realisticBand(x), y && realisticBand(y)].map((band, axis) => {
      if (!band) return nothing;
      const [from, length] = [100 * band.from, 100 * (band.to - band.from)];
      return axis === 0
        ? html`<div class="band x" .style="left: ${from}%; width: ${length}%"></div>`
        : html`<div class="band y" .style="bottom: ${from}%; height: ${length}%"></div>`;
    })}`;
  }

  private cells(nx: number, ny: number) {
    if (!this.boundary) return nothing;
    return html`<svg viewBox="0 0 ${nx} ${ny}" preserveAspectRatio="none" aria-hidden="true">
      ${twice(this.boundary)}
    </svg>`;
  }

  private curves() {
    const at = ([x, y]: readonly [number, number]) => `${x.toFixed(5)} ${(1 - y).toFixed(5)}`;
    return this.predictions.map(
      ({ lines, isMeasured }) =>
        html`<svg
          class=${isMeasured ? 'prediction measured' : 'prediction'}
          viewBox="0 0 1 1"
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          ${lines.map((line) => twice(`M${line.map(at).join('L')}`))}
        </svg>`,
    );
  }
}

/** A light line on a dark one is seen on every colour. */
function twice(path: string) {
  return svg`<path class="under" d=${path} /><path class="over" d=${path} />`;
}
