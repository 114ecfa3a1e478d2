/** About the most points that a chart draws of a curve. */
const POINTS = 2000;

/** What lies across (steps, or η·t, or a learning rate), then one column a curve: nothing where a curve has ended. */
export type CurveData = [across: number[], ...curves: (number | null)[][]];

/** What curves are drawn over: steps t, or η·t, by which learning rates can be compared. */
export const TIME_AXES = ['steps', 'rate'] as const;
export type TimeAxis = (typeof TIME_AXES)[number];

/** A curve over the steps of a trial. */
export interface Timed {
  readonly values: ArrayLike<number>;
  /** The steps of the values, ascending; each step from 0 where it is left out. */
  readonly steps?: ArrayLike<number> | undefined;
  /** η, the trial's learning rate. */
  readonly rate: number;
}

/** Points across, where curves are drawn over η·t. */
const RATE_POINTS = 400;

/** Curves over the same steps, thinned evenly when they are long; every curve keeps its last step. */
export function curveData(curves: readonly ArrayLike<number>[]): CurveData {
  const longest = Math.max(0, ...curves.map((curve) => curve.length));
  const stride = Math.max(1, Math.ceil(longest / POINTS));
  const ends = new Set(curves.map((curve) => curve.length - 1));
  const steps = Array.from({ length: longest }, (_, t) => t).filter((t) => t % stride === 0 || ends.has(t));
  return [steps, ...curves.map((curve) => steps.map((t) => curve[t] ?? null))];
}

/**
 * Curves of trials over the same times. Between its steps a curve goes straight, as it is drawn, on both logarithmic scales over η·t
 * and on that of the values over t. On the scale of η·t step 0 has no place.
 */
export function timedData(curves: readonly Timed[], axis: TimeAxis): CurveData {
  if (axis === 'steps' && curves.every(({ steps }) => !steps))
    return curveData(curves.map(({ values }) => values));
  const placed = curves.map(({ values, steps, rate }) => {
    const unit = axis === 'rate' ? rate : 1;
    const stepAt = (i: number) => steps?.[i] ?? i;
    const first = axis === 'rate' && stepAt(0) === 0 ? 1 : 0;
    const length = unit > 0 ? values.length : 0; // η = 0 never moves along η·t
    return { values, first, length, at: (i: number) => unit * stepAt(i) };
  });
  const drawn = placed.filter(({ first, length }) => first < length);
  const ends = drawn.map(({ at, length }) => at(length - 1));
  const across = new Set([...ends, ...(axis === 'rate' ? rateGrid(drawn, ends) : drawn.flatMap(allOf))]);
  const grid = [...across].sort((a, b) => a - b);
  return [
    grid,
    ...placed.map((curve) => sampled(curve, grid, axis === 'rate' ? Math.log : (place) => place)),
  ];
}

interface Placed {
  readonly values: ArrayLike<number>;
  readonly first: number;
  readonly length: number;
  /** Where the i-th value lies across. */
  readonly at: (i: number) => number;
}

const allOf = ({ at, first, length }: Placed) =>
  Array.from({ length: length - first }, (_, i) => at(first + i));

/** Places that are evenly spread on a logarithmic scale, over all curves, and where each begins. */
function rateGrid(curves: readonly Placed[], ends: readonly number[]): number[] {
  const begins = curves.map(({ at, first }) => at(first));
  const [low, high] = [Math.min(...begins), Math.max(...ends)];
  const between = Array.from({ length: RATE_POINTS }, (_, i) => low * (high / low) ** (i / RATE_POINTS));
  return curves.length === 0 ? [] : [...begins, ...between];
}

/** @param measure of places, on the scale of what lies across */
function sampled(
  { values, first, length, at }: Placed,
  grid: readonly number[],
  measure: (place: number) => number,
): (number | null)[] {
  let i = first - 1;
  return grid.map((place) => {
    while (i + 1 < length && at(i + 1) <= place) i += 1;
    if (i < first || (i === length - 1 && place > at(i))) return null;
    if (i === length - 1 || place === at(i)) return values[i]!;
    const share = (measure(place) - measure(at(i))) / (measure(at(i + 1)) - measure(at(i)));
    return between(values[i]!, values[i + 1]!, share);
  });
}

/** By the logarithms; where one of the values has none, it is the first of them that counts. */
function between(from: number, to: number, share: number): number {
  return from > 0 && to > 0 && to < Infinity ? from ** (1 - share) * to ** share : from;
}

/**
 * The middle one of some curves' values at each place: of those that go on there, and above them those that ended early, since they
 * diverged; nothing where fewer than half of the curves count, as over η·t.
 * @param endsEarly by curve
 */
export function medianColumn(
  columns: readonly (number | null)[][],
  endsEarly: readonly boolean[],
): (number | null)[] {
  const lasts = columns.map((column) => column.findLastIndex((value) => value !== null));
  return Array.from({ length: Math.max(0, ...columns.map(({ length }) => length)) }, (_, place) => {
    const values = columns.flatMap((column, i) => {
      const value = column[place] ?? (endsEarly[i] && lasts[i]! >= 0 && place > lasts[i]! ? Infinity : null);
      return value === null ? [] : [Number.isNaN(value) ? Infinity : value];
    });
    const goesOn = columns.some((column) => (column[place] ?? null) !== null);
    return goesOn && 2 * values.length >= columns.length ? median(values) : null;
  });
}

/** The middle one of some values, the lower of two; NaN of none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))[(values.length - 1) >> 1] ?? Number.NaN;
}

/** What lies upwards: a log scale that holds the values, or a linear one between two ends. */
export type Upwards = 'log' | readonly [low: number, high: number];

/**
 * Curves on a chart. A logarithmic one has a place of its own for 0 at its foot and for what is not finite at its head; on a linear one
 * curves have gaps where they are not finite. Places are log₁₀ of the values, or the values.
 */
export interface Drawing {
  /** What the chart has at its foot and at its head. */
  range: [number, number];
  /** Between which it has a scale: whole decades that hold all that a log scale can show. */
  ends: [number, number];
  /** Where 0 lies, and what is not finite; nothing where no curve comes to it. */
  zero: number | undefined;
  infinite: number | undefined;
  /** Places of the values. */
  curves: (number | null)[][];
  /** Where each curve comes to 0, or ceases to be finite, or is no more than a point: indices of steps. */
  marks: number[][];
}

type Columns = readonly (number | null)[][];

/** Below this a float64 no longer has the digits of a power of ten. */
const LEAST = -320;
/** Of the decades' height, between them and the place of 0 or of what is not finite, and from there to the chart's end. */
const APART = 0.16;
const MARGIN = 0.05;

export function drawing([, ...columns]: CurveData, upwards: Upwards = 'log'): Drawing {
  return upwards === 'log' ? logDrawing(columns) : linearDrawing(columns, upwards);
}

function linearDrawing(columns: Columns, [low, high]: readonly [number, number]): Drawing {
  const margin = MARGIN * (high - low);
  return {
    range: [low - margin, high + margin],
    ends: [low, high],
    zero: undefined,
    infinite: undefined,
    curves: columns.map((column) => column.map((value) => (Number.isFinite(value) ? value : null))),
    marks: columns.map((column) => (isPoint(column) && Number.isFinite(column[0]) ? [0] : [])),
  };
}

function logDrawing(columns: Columns): Drawing {
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
    ends: [low, high],
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
