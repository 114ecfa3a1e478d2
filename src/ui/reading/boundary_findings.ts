import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { LEAST_SIDE } from '../../view/box_count';
import { formatMeasured } from '../../view/number_format';
import { sharedStyles } from '../page/styles';
import type { Boundary } from './boundaries';

const WIDTH = 240;
const HEIGHT = 120;
const LEFT = 38;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 30;

/** Arms that have colours of their own. */
const DRAWN = 2;

/** The box-count dimension of the boundary of each arm, and the fit that it comes from. */
@customElement('boundary-findings')
export class BoundaryFindings extends LitElement {
  /** Names of the arms. */
  @property({ attribute: false }) arms: readonly string[] = [];
  /** Those of the arms, once they have been looked for. */
  @property({ attribute: false }) boundaries: readonly Boundary[] | undefined;

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
      ul {
        margin: 2px 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        justify-content: space-between;
        gap: 8px;
      }
      li i {
        display: inline-block;
        width: 14px;
        margin-right: 6px;
        vertical-align: middle;
        border-top: 2px solid var(--colour);
      }
      svg {
        display: block;
        width: 100%;
        max-width: 300px;
        height: auto;
        margin-top: 4px;
        font-size: 10px;
        fill: var(--quiet);
        font-variant-numeric: tabular-nums;
      }
      .grid {
        stroke: var(--line);
        stroke-width: 0.75;
      }
      .fit {
        stroke: var(--colour);
        stroke-width: 1.5;
      }
      circle {
        fill: var(--colour);
      }
    `,
  ];

  override render() {
    const { arms, boundaries } = this;
    return html`<h3 class="quiet">Dimension of the boundary, by box counts</h3>
      <ul>
        ${arms.map(
          (name, arm) =>
            html`<li data-dimension=${boundaries?.[arm]?.dimension?.slope ?? ''}>
              <span
                >${arm < DRAWN ? html`<i .style="--colour: var(--arm-${arm})"></i>` : nothing}${name}</span
              >
              <span class="number">${words(boundaries?.[arm])}</span>
            </li>`,
        )}
      </ul>
      ${
        boundaries?.slice(0, DRAWN).some(({ dimension }) => dimension)
          ? html`<p class="quiet">± of the fit; sets of known dimension come out within 0.1</p>
              ${this.chart(boundaries)}`
          : nothing
      }`;
  }

  private chart(boundaries: readonly Boundary[]) {
    const drawn = boundaries.slice(0, DRAWN);
    const { counts } = drawn[0]!;
    const largest = Math.log2(Math.max(...drawn.flatMap((each) => each.counts.map(({ boxes }) => boxes)), 2));
    const most = Math.ceil(largest);
    const last = counts.length - 1;
    // Small boxes, of which there are many, are on the right.
    const x = (log: number) => LEFT + (WIDTH - LEFT - RIGHT) * (1 - log / last);
    const y = (log: number) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * log) / most;
    const step = Math.ceil(most / 4);
    const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
    return html`<svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      role="img"
      aria-label="Boxes that hold some of the boundary, by their size: ${counts.map(({ size }) => size).join(', ')} cells"
    >
      ${ticks.map(
        (log) => svg`
          <line class="grid" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(log)} y2=${y(log)} />
          <text x=${LEFT - 5} y=${y(log) + 3.5} text-anchor="end">${2 ** log}</text>`,
      )}
      ${counts.map(
        ({ size }, log) => svg`
          <line class="grid" x1=${x(log)} x2=${x(log)} y1=${TOP} y2=${HEIGHT - BOTTOM} />
          <text x=${x(log)} y=${HEIGHT - BOTTOM + 12} text-anchor="middle">${size}</text>`,
      )}
      ${drawn.map(
        ({ counts: own, dimension }, arm) => svg`<g .style="--colour: var(--arm-${arm})">
          ${
            dimension
              ? svg`<line
                  class="fit"
                  x1=${x(0)} y1=${y(dimension.intercept)}
                  x2=${x(last)} y2=${y(dimension.intercept - last * dimension.slope)}
                />`
              : nothing
          }
          ${own.map(({ boxes }, log) =>
            boxes > 0 ? svg`<circle cx=${x(log)} cy=${y(Math.log2(boxes))} r="2.5" />` : nothing,
          )}
        </g>`,
      )}
      <text x=${(LEFT + WIDTH - RIGHT) / 2} y=${HEIGHT - 5} text-anchor="middle">cells a side of a box</text>
      <text
        x="9"
        y=${(TOP + HEIGHT - BOTTOM) / 2}
        text-anchor="middle"
        transform="rotate(-90 9 ${(TOP + HEIGHT - BOTTOM) / 2})"
      >
        boxes
      </text>
    </svg>`;
  }
}

function words(boundary: Boundary | undefined): string {
  if (!boundary) return '…';
  const { dimension, counts } = boundary;
  if (dimension) return `${formatMeasured(dimension.slope, dimension.error)}, ${counts.length} sizes`;
  if (counts.length > 0 && counts[0]!.boxes === 0) return 'no boundary here';
  return `too few cells: ${LEAST_SIDE} × ${LEAST_SIDE} tell`;
}
