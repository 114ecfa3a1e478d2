import type { Curve } from '../charts/line_chart';

const known = new Map<string, readonly Curve[]>();

/** Kept at the most; the number of different charts that a visit sees is small. */
const KEPT = 200;

/** The same object for the same curves, as a chart is built anew for another. */
export function knownCurves(curves: readonly Curve[]): readonly Curve[] {
  const key = JSON.stringify(curves);
  const same = known.get(key);
  if (same) return same;
  if (known.size === KEPT) known.clear();
  known.set(key, curves);
  return curves;
}

/** Of curves that coincide the later ones are thinner, so that each is seen. */
export function widthOf(arm: number): number {
  return arm === 0 ? 2.5 : 1.25;
}
