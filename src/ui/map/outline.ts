import { css, html, svg } from 'lit';
import type { Place } from '../../view/place';

/** Of `outline`: what it draws is as large as the map that it lies over. */
export const outlineStyles = css`
  svg {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  polygon {
    fill: none;
    vector-effect: non-scaling-stroke;
    stroke: var(--cross-edge);
    stroke-width: 2.5px;
  }
  polygon + polygon {
    stroke: var(--cross);
    stroke-width: 1.5px;
  }
`;

/** The outline of a selection, seen on light and on dark. */
export function outline(corners: readonly Place[]) {
  const points = corners.map(({ x, y }) => `${x},${1 - y}`).join(' ');
  return html`<svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
    ${[0, 1].map(() => svg`<polygon points=${points}></polygon>`)}
  </svg>`;
}
