/** Points that a chart draws of a curve, at most about this many. */
const POINTS = 2000;

/** Steps, then one column a curve; a gap where a curve has ended or holds nothing that a log scale can show. */
export type CurveData = [steps: number[], ...curves: (number | null)[][]];

/** Curves over the same steps, thinned evenly when they are long; every curve keeps its last step. */
export function curveData(curves: readonly ArrayLike<number>[]): CurveData {
  const longest = Math.max(0, ...curves.map((curve) => curve.length));
  const stride = Math.max(1, Math.ceil(longest / POINTS));
  const ends = new Set(curves.map((curve) => curve.length - 1));
  const steps = Array.from({ length: longest }, (_, t) => t).filter((t) => t % stride === 0 || ends.has(t));
  return [steps, ...curves.map((curve) => steps.map((t) => drawable(curve[t])))];
}

function drawable(value: number | undefined): number | null {
  return value !== undefined && value > 0 && Number.isFinite(value) ? value : null;
}
