import type uPlot from 'uplot';
import type { Drawing } from '../../view/curves';
import type { Curve } from './line_chart';
import { textScale } from './tick_labels';

/** How opaque a curve is that is one of many. */
export const FAINT = 0.3;

/** A line behind the curves where a place is marked. */
export function drawMark(plot: uPlot, place: number, colour: string): void {
  const { ctx, bbox } = plot;
  const x = plot.valToPos(place, 'x', true);
  ctx.fillStyle = colour;
  ctx.fillRect(x - 0.75 * devicePixelRatio, bbox.top, 1.5 * devicePixelRatio, bbox.height);
}

/**
 * An arrow where a curve ceases to be finite, a ring where it comes to 0, and at its end its sign.
 * @param colour of a CSS custom property
 */
export function drawMarks(
  plot: uPlot,
  drawn: Drawing,
  curves: readonly Curve[],
  colour: (name: string) => string,
): void {
  const { ctx } = plot;
  const size = 4 * devicePixelRatio;
  for (const [index, { colour: name, faint, sign }] of curves.entries()) {
    ctx.globalAlpha = faint ? FAINT : 1;
    ctx.fillStyle = colour(name);
    for (const i of drawn.marks[index] ?? []) {
      const x = plot.valToPos(plot.data[0][i]!, 'x', true);
      const place = drawn.curves[index]![i]!;
      const y = plot.valToPos(place, 'y', true);
      ctx.beginPath();
      if (place === drawn.infinite) {
        ctx.moveTo(x - size, y + size);
        ctx.lineTo(x, y - size);
        ctx.lineTo(x + size, y + size);
      } else ctx.arc(x, y, size, 0, 2 * Math.PI);
      ctx.fill();
    }
    if (sign) drawSign(plot, drawn.curves[index] ?? [], sign);
  }
  ctx.globalAlpha = 1;
}

/** Above the end of a curve, within the chart. */
function drawSign(plot: uPlot, column: readonly (number | null)[], sign: string): void {
  const last = column.findLastIndex((value) => value !== null);
  if (last < 0) return;
  const { ctx, bbox } = plot;
  const unit = devicePixelRatio * textScale();
  const x = plot.valToPos(plot.data[0][last]!, 'x', true);
  const y = plot.valToPos(column[last]!, 'y', true);
  ctx.font = `600 ${11 * unit}px 'Inter Variable', sans-serif`;
  ctx.textAlign = 'center';
  const half = ctx.measureText(sign).width / 2 + unit;
  const [left, right] = [bbox.left + half, bbox.left + bbox.width - half];
  ctx.fillText(sign, Math.max(left, Math.min(right, x)), Math.max(bbox.top + 10 * unit, y - 5 * unit));
}
