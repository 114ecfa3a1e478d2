/** About the most points that a chart draws of a curve. */
const POINTS = 2000;

/** Steps, then one column a curve: nothing where a curve has ended. */
export type CurveData = [steps: number[], ...curves: (number | null)[][]];

/** Curves over the same steps, thinned evenly when they are long; every curve keeps its last step. */
export function curveData(curves: readonly ArrayLike<number>[]): CurveData {
  const longest = Math.max(0, ...curves.map((curve) => curve.length));
  const stride = Math.max(1, Math.ceil(longest / POINTS));
  const ends = new Set(curves.map((curve) => curve.length - 1));
  const steps = Array.from({ length: longest }, (_, t) => t).filter((t) => t % stride === 0 || ends.has(t));
  return [steps, ...curves.map((curve) => steps.map((t) => curve[t] ?? null))];
}

/** Curves on a logarithmic chart, which has a place of its own for 0 at its foot and for what is not finite at its head. */
export interface Drawing {
  /** log₁₀ of what the chart has at its foot and at its head. */
  range: [number, number];
  /** Whole decades that hold all that a log scale can show. */
  decades: [number, number];
  /** Where 0 lies, and what is not finite; nothing where no curve comes to it. */
  zero: number | undefined;
  infinite: number | undefined;
  /** log₁₀ of the values. */
  curves: (number | null)[][];
  /** Where each curve comes to 0, or ceases to be finite, or is no more than a point: indices of steps. */
  marks: number[][];
}

/** Below this a float64 no longer has the digits of a power of ten. */
const LEAST = -320;
/** Of the decades' height, between them and the place of 0 or of what is not finite, and from there to the chart's end. */
const APART = 0.16;
const MARGIN = 0.05;

export function drawing([, ...columns]: CurveData): Drawing {
  const all = columns.flat();
  const logs = all.flatMap((value) => (value !== null && value > 0 && value < Infinity ? [log(value)] : []));
  const some = logs.length > 0;
  const low = Math.floor(some ? logs.reduce((a, b) => Math.min(a, b)) : -1);
  const high = Math.max(low + 1, Math.ceil(some ? logs.reduce((a, b) => Math.max(a, b)) : 1));
  const height = high - low;
  const zero = all.some((value) => value !== null && value <= 0) ? low - APART * height : undefined;
  const infinite = all.some(isUnbounded) ? high + APART * height : undefined;
  const place = (value: number | null) => {
    if (value === null) return null;
    if (isUnbounded(value)) return infinite!;
    return value > 0 ? log(value) : zero!;
  };
  return {
    range: [
      zero === undefined ? low : zero - MARGIN * height,
      infinite === undefined ? high : infinite + MARGIN * height,
    ],
    decades: [low, high],
    zero,
    infinite,
    curves: columns.map((column) => column.map(place)),
    marks: columns.map((column) =>
      column.flatMap((value, i) =>
        value !== null && (isPoint(column) || (isOff(value) && !isOff(column[i - 1] ?? null))) ? [i] : [],
      ),
    ),
  };
}

const log = (value: number) => Math.max(LEAST, Math.log10(value));
const isUnbounded = (value: number | null) => value !== null && !Number.isFinite(value);
/** Neither 0 nor what is not finite has a place on a log scale. */
const isOff = (value: number | null) => value !== null && !(value > 0 && value < Infinity);

const isPoint = (column: readonly (number | null)[]) => column[0] !== null && (column[1] ?? null) === null;
