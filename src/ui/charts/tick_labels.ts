import { css, html } from 'lit';
import { labelWidth, type Tick } from '../../view/axis_ticks';

/** For an element with the labels of an axis: `x-ticks` below a plot, or `y-ticks` to its left. */
export const tickStyles = css`
  .y-ticks,
  .x-ticks {
    position: relative;
    color: var(--quiet);
    font-size: 0.6875rem;
    font-variant-numeric: tabular-nums;
  }
  .x-ticks {
    height: 1.125rem;
  }
  .y-ticks span,
  .x-ticks span {
    position: absolute;
    line-height: 1.1;
    white-space: nowrap;
  }
  .y-ticks span {
    right: 6px;
    transform: translateY(50%);
  }
  .x-ticks span {
    top: 4px;
    transform: translateX(-50%);
  }
  sup {
    font-size: 0.5312rem;
    line-height: 0;
    vertical-align: 0.5em;
  }
`;

/** The size of text, in units of its usual one. */
export function textScale(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
}

/** Pixels that the labels left of a plot need. */
export function labelsWidth(ticks: readonly Tick[]): number {
  return 8 + textScale() * Math.max(20, ...ticks.map(({ label }) => labelWidth(label)));
}

/** @param side of the plot from which places count */
export function tickLabels(ticks: readonly Tick[], side: 'left' | 'bottom') {
  return ticks.map(({ label, position, shift }) => {
    const [plain, raised] = label.split('^');
    return html`<span .style="${side}: calc(${100 * position}% + ${shift}px)"
      >${plain}${raised === undefined ? '' : html`<sup>${raised}</sup>`}</span
    >`;
  });
}
