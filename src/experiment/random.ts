import { philox } from '../reference/philox';

/**
 * What a random number is for: the second word of the key, beside the seed. The counter is (layer, index, step, 0).
 * The gather kernel draws minibatches with purpose 2 on the GPU, so that number is fixed in WGSL too.
 */
export const PURPOSE = { weights: 0, data: 1, minibatch: 2, noise: 3, teacher: 4, jitter: 5 } as const;
export type Purpose = keyof typeof PURPOSE;

const ROW = 65536;

/** Index of a matrix entry, the same whatever the matrix's width, so that a narrow network is a corner of a wide one. */
export function matrixIndex(row: number, column: number): number {
  return row * ROW + column;
}

/** 24 bits, centred in their interval: never 0 and never 1. */
function unit(word: number): number {
  return ((word >>> 8) + 0.5) * 2 ** -24;
}

/** A number of (0, 1). */
export function uniform(seed: number, purpose: Purpose, layer: number, index: number, step = 0): number {
  return unit(philox([seed, PURPOSE[purpose]], [layer, index, step, 0])[0]);
}

/** A draw of N(0, 1), by Box–Muller in float64. */
export function normal(seed: number, purpose: Purpose, layer: number, index: number, step = 0): number {
  const [first, second] = philox([seed, PURPOSE[purpose]], [layer, index, step, 0]);
  return Math.sqrt(-2 * Math.log(unit(first))) * Math.cos(2 * Math.PI * unit(second));
}
