import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { BenchReport } from '../../bench/bench';
import { formatRate } from '../../view/number_format';
import { logShare, powersOfTen, rooflineOf, type Point } from '../../view/roofline';
import { sharedStyles } from '../page/styles';

const WIDTH = 360;
const HEIGHT = 240;
const LEFT = 44;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 34;

/** Kernels under the roof that the measured ceilings make. */
@customElement('roofline-chart')
export class RooflineChart extends LitElement {
  @property({ attribute: false }) report!: BenchReport;
  /** The kernel that is pointed at. */
  @property() highlight = '';

  static override styles = [
    sharedStyles,
    css`
      svg {
        display: block;
        width: 100%;
        height: auto;
        font-size: 10.5px;
        fill: var(--quiet);
        font-variant-numeric: tabular-nums;
      }
      .grid {
        stroke: var(--line);
        stroke-width: 0.75;
      }
      .roof {
        fill: none;
        stroke: var(--text);
        stroke-width: 1.5;
        stroke-linejoin: round;
      }
      circle {
        fill: var(--accent);
        fill-opacity: 0.55;
      }
      circle.lit {
        fill-opacity: 1;
        stroke: var(--text);
      }
      .name {
        fill: var(--text);
        font-weight: 550;
      }
    `,
  ];

  override render() {
    const { roof, kernels, range } = rooflineOf(this.report);
    const x = (value: number) => LEFT + (WIDTH - LEFT - RIGHT) * logShare(value, range.x);
    const y = (value: number) => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * logShare(value, range.y);
    const at = (point: Point) => `${x(point.x).toFixed(1)},${y(point.y).toFixed(1)}`;
    const lit = kernels.find(({ kernel }) => kernel === this.highlight);
    return html`<svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      role="img"
      aria-label="Roofline: ${kernels.length} kernels, operations a second by operations a byte"
    >
      ${powersOfTen(range.x).map(
        (value) => svg`
          <line class="grid" x1=${x(value)} x2=${x(value)} y1=${TOP} y2=${HEIGHT - BOTTOM} />
          <text x=${x(value)} y=${HEIGHT - BOTTOM + 15} text-anchor="middle">${value}</text>`,
      )}
      ${powersOfTen(range.y).map(
        (value) => svg`
          <line class="grid" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(value)} y2=${y(value)} />
          <text x=${LEFT - 6} y=${y(value) + 3.5} text-anchor="end">${formatRate(value)}</text>`,
      )}
      <polyline class="roof" points=${roof.map(at).join(' ')} />
      ${kernels.map(
        (point) => svg`<circle
          class=${point === lit ? 'lit' : ''}
          cx=${x(point.x)}
          cy=${y(point.y)}
          r=${point === lit ? 5 : 4}
        ><title>${point.kernel}</title></circle>`,
      )}
      ${
        lit
          ? svg`<text
              class="name"
              x=${x(lit.x) + (logShare(lit.x, range.x) > 0.6 ? -9 : 9)}
              y=${y(lit.y) + 3.5}
              text-anchor=${logShare(lit.x, range.x) > 0.6 ? 'end' : 'start'}
            >${lit.kernel}</text>`
          : nothing
      }
      <text x=${(LEFT + WIDTH - RIGHT) / 2} y=${HEIGHT - 4} text-anchor="middle">operations a byte</text>
    </svg>`;
  }
}
