import { shareOf, valueAt, type Range, type Scale } from './colouring';

/** The least distance of the two ends of a range, and the room beyond what there is, in shares of the slider. */
const LEAST = 0.02;
const BEYOND = 0.05;

/**
 * What a slider for a colour range spans: the numbers that there are, the range itself, and a little more. It runs the way the range does.
 * @param numbers sorted
 */
export function sliderSpan(scale: Scale, range: Range, numbers: Float64Array): Range {
  const low = Math.min(...range, numbers[0] ?? Infinity);
  const high = Math.max(...range, numbers.at(-1) ?? -Infinity);
  const span: Range = range[0] < range[1] ? [low, high] : [high, low];
  const wide: Range = [valueAt(scale, span, -BEYOND), valueAt(scale, span, 1 + BEYOND)];
  // At the limits of float64 there may be nothing beyond.
  return wide.every((end) => Number.isFinite(end) && (scale === 'linear' || end > 0)) ? wide : span;
}

/** The range with one end put to a share of the slider, as far as the other end lets it. */
export function movedEnd(scale: Scale, range: Range, span: Range, end: 0 | 1, share: number): Range {
  const other = shareOf(scale, span, range[1 - end]!);
  const [least, most] = end === 0 ? [0, other - LEAST] : [other + LEAST, 1];
  const value = valueAt(scale, span, Math.min(most, Math.max(least, share)));
  return end === 0 ? [value, range[1]] : [range[0], value];
}

/** How many numbers lie in each of some equal parts of a slider, over the most in one. */
export function histogram(scale: Scale, span: Range, numbers: Float64Array, bins: number): number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (const number of numbers) {
    const bin = Math.floor(shareOf(scale, span, number) * bins);
    if (bin >= 0 && bin < bins) counts[bin]! += 1;
  }
  const most = Math.max(1, ...counts);
  return counts.map((count) => count / most);
}
