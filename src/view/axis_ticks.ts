import { shownAxis } from '../experiment/axes';
import type { Axis } from '../experiment/types';

export interface Tick {
  value: number;
  /** `0.5`, or `2·10^−4`, of which what follows the `^` is raised. */
  label: string;
  /** Place along the axis, 0 to 1, from its low end. */
  position: number;
  /** Pixels by which the label stands off its place, so that it stays beside the axis. */
  shift: number;
}

/** The room for the labels of an axis, in pixels along it. */
export interface Room {
  length: number;
  /** How much of the length a label takes. */
  extent: (label: string) => number;
  /** The least gap between two labels. */
  gap: number;
  /** How far a label may reach beyond either end of the axis. */
  beyond: number;
}

/** Pixels that a label is wide where text has its usual size; digits all have the same width. */
export function labelWidth(label: string): number {
  const [plain = '', raised = ''] = label.split('^');
  return 7 * plain.length + 5.5 * raised.length;
}

/** @param scale size of text, in units of its usual one */
export const across = (length: number, scale = 1): Room => ({
  length,
  extent: (label) => scale * labelWidth(label),
  gap: 10 * scale,
  beyond: 6,
});
export const upwards = (length: number, scale = 1): Room => ({
  length,
  extent: () => 12 * scale,
  gap: 8 * scale,
  beyond: 6,
});

/** The most labels along an axis: more would be clutter. */
const MOST = 9;

/** Where a value lies along a map whose first and last cells are centred on the axis' ends: 0 to 1. */
export function axisPosition(axis: Axis, value: number): number {
  const { scale, from, to, count } = shownAxis(axis);
  const measure = (x: number) => (scale === 'log' ? Math.log(x) : x);
  const along = (measure(value) - measure(from)) / (measure(to) - measure(from));
  return (0.5 + (Number.isFinite(along) ? along : 0) * (count - 1)) / count;
}

/** Round values of a map's axis, and its ends where there is room for them. */
export function axisTicks(axis: Axis, room: Room): Tick[] {
  const shown = shownAxis(axis);
  const { scale, from, to, count } = shown;
  const pitch = scale === 'linear' ? Math.abs(to - from) / (count - 1) : 0;
  return ticks(scale, from, count === 1 ? from : to, (value) => axisPosition(shown, value), room, pitch);
}

/**
 * Round values between two ends, and the ends where there is room for them: no label touches another, and all are written alike.
 * @param place where a value lies along the axis, 0 to 1
 * @param pitch distance of the values that there are: a linear axis has no ticks between them
 */
export function ticks(
  scale: Axis['scale'],
  from: number,
  to: number,
  place: (value: number) => number,
  room: Room,
  pitch = 0,
): Tick[] {
  const low = Math.min(from, to);
  const high = Math.max(from, to);
  const ends = low === high ? [low] : [low, high];
  const laid = (values: readonly number[]) => lay(values, notation(scale, values, ends), place, room);
  const candidates =
    low === high ? [] : scale === 'log' ? logValues(low, high) : linearValues(low, high, pitch);
  const fitting = candidates.find((values) => laid(values)) ?? [];
  const kept = ends.reduce(
    (values, end) =>
      !values.some((value) => Math.abs(place(value) - place(end)) <= 1e-9) && laid([...values, end])
        ? [...values, end]
        : values,
    fitting,
  );
  return laid(kept) ?? [];
}

/** Ticks with their labels, from the low end; nothing where labels would touch. */
function lay(
  values: readonly number[],
  write: (value: number) => string,
  place: (value: number) => number,
  { length, extent, gap, beyond }: Room,
): Tick[] | undefined {
  let free = -Infinity;
  const laid: Tick[] = [];
  for (const { value, position } of values
    .map((value) => ({ value, position: place(value) }))
    .sort((a, b) => a.position - b.position)) {
    const label = write(value);
    const half = extent(label) / 2;
    const middle = position * length;
    const shown = Math.max(half - beyond, Math.min(length + beyond - half, middle));
    if (shown - half < free) return undefined;
    free = shown + half + gap;
    laid.push({ value, label, position, shift: shown - middle });
  }
  return laid;
}

/** One way to write all values of an axis: plain where all are short so, else by powers of ten. */
function notation(
  scale: Axis['scale'],
  values: readonly number[],
  ends: readonly number[],
): (value: number) => string {
  const all = [...values, ...ends];
  const size = Math.max(...all.map(Math.abs));
  const smallest = Math.min(...all.filter((value) => value !== 0).map(Math.abs));
  // An end may be any number: of a linear axis, or a short part of a log one, it is told to a tenth of the ticks' distance, of others to
  // three digits.
  const steps = values.slice(1).map((value, i) => Math.abs(value - values[i]!));
  const step = Math.min(...steps.filter((distance) => distance > 0), Math.abs(ends.at(-1)! - ends[0]!) / 2);
  const digits =
    (scale === 'linear' || size < 10 * smallest) && step > 0
      ? Math.min(15, Math.max(3, Math.ceil(Math.log10(size / step)) + 1))
      : 3;
  const rounded = (value: number) => Number(value.toPrecision(digits));
  const plain = size < 1e5 && (scale === 'linear' ? !(step < 1e-3) : smallest >= 1e-3);
  return (value) => (plain ? String(rounded(value)).replace('-', '−') : power(rounded(value)));
}

/** `10^−4`, `2.5·10^6`, `0` */
export function power(value: number): string {
  if (value === 0) return '0';
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  const raised = `10^${exponent.replace('+', '')}`;
  return (mantissa === '1' ? raised : mantissa === '-1' ? `-${raised}` : `${mantissa}·${raised}`).replaceAll(
    '-',
    '−',
  );
}

/** Sets of round values of a log axis, densest first. */
function logValues(low: number, high: number): number[][] {
  const decades = Math.log10(high) - Math.log10(low); // the ratio may be infinite
  const multiples = decades < 1.5 ? [1, 2, 5] : decades < 2.5 ? [1, 3] : [1];
  const dense = multiplesWithin(low, high, multiples);
  if (decades < 1 && dense.length < 3) return linearValues(low, high, 0);
  const powers = multiplesWithin(low, high, [1]);
  const thinned = STEPS.map((step) => powers.filter((power) => Math.round(Math.log10(power)) % step === 0));
  return [dense, ...thinned].filter((values) => values.length > 1 && values.length <= MOST);
}

/** Distances of the exponents in a thinned set of powers of ten. */
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200];

/** The multiples of the powers of ten between two values. */
function multiplesWithin(low: number, high: number, multiples: readonly number[]): number[] {
  const first = Math.floor(Math.log10(low)) - 1;
  const last = Math.ceil(Math.log10(high));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
    .flatMap((exponent) => multiples.map((multiple) => Number(`${multiple}e${exponent}`)))
    .filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
}

/** Sets of multiples of 1, 2 or 5 times a power of ten, densest first. */
function linearValues(low: number, high: number, pitch: number): number[][] {
  const span = high - low;
  const first = Math.floor(Math.log10(span / MOST));
  return [first, first + 1, first + 2]
    .flatMap((exponent) => [1, 2, 5].map((multiple) => Number(`${multiple}e${exponent}`)))
    .filter((step) => step >= pitch * (1 - 1e-9))
    .map((step) => {
      const [from, to] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
      const length = Math.max(0, Math.min(MOST + 1, to - from + 1));
      return Array.from({ length: length || 0 }, (_, i) => Number(((from + i) * step).toPrecision(15)));
    })
    .filter((values) => values.length > 1 && values.length <= MOST);
}
