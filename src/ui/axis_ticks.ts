import type { Axis } from '../experiment/types';
import { formatNumber } from './number_format';

export interface Tick {
  value: number;
  label: string;
  /** Place along the axis, 0 to 1, from its low end. */
  position: number;
}

/** Where a value lies along a map whose first and last cells are centred on the axis' ends: 0 to 1. */
export function axisPosition({ scale, from, to, count }: Axis, value: number): number {
  const along = scale === 'log' ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  return (0.5 + (Number.isFinite(along) ? along : 0) * (count - 1)) / count;
}

/** About `most` round values of an axis, or fewer. */
export function axisTicks(axis: Axis, most = 6): Tick[] {
  const low = Math.min(axis.from, axis.to);
  const high = Math.max(axis.from, axis.to);
  const values = low === high || axis.count === 1 ? [axis.from] : round(axis, low, high, most);
  return values.map((value) => ({ value, label: formatNumber(value), position: axisPosition(axis, value) }));
}

function round({ scale }: Axis, low: number, high: number, most: number): number[] {
  if (scale === 'linear') return linear(low, high, most);
  const decades = Math.log10(high / low);
  if (decades < 1) {
    const round = multiplesWithin(low, high, 1, [1, 2, 5]);
    return round.length > 2 ? round : linear(low, high, most);
  }
  const step = Math.max(1, Math.ceil(decades / (most - 1)));
  const multiples = decades < 1.5 ? [1, 2, 5] : decades < 2.5 ? [1, 3] : [1];
  return multiplesWithin(low, high, step, multiples);
}

/** The multiples of every step-th power of ten between two values. */
function multiplesWithin(low: number, high: number, step: number, multiples: readonly number[]): number[] {
  const first = Math.floor(Math.log10(low) / step) * step;
  const values: number[] = [];
  for (let exponent = first; 10 ** exponent <= high * (1 + 1e-9); exponent += step)
    for (const multiple of multiples) {
      const value = Number(`${multiple}e${exponent}`);
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) values.push(value);
    }
  return values;
}

function linear(low: number, high: number, most: number): number[] {
  const rough = (high - low) / Math.max(1, most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((multiple) => multiple * power >= rough * (1 - 1e-9)) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
