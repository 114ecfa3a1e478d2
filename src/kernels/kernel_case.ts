import { beginningState, STATE_LENGTH, stateOfWords, wordsOfState, type StateName } from '../reference/state';

/** How a kernel is measured and checked: an example of a call at a size, on numbers of the size that training has. */

/** The step of float32 at 1. */
export const ULP = 2 ** -23;
/** What a result may lose when a number below float32's normal range is taken for 0. */
export const TINY = 2 ** -126;

export type Tensors = Readonly<Record<string, Float64Array>>;
type Words = Uint32Array<ArrayBuffer>;

/** Rows are samples of a batch, columns units of a layer; `inner` only a product has. */
export interface CaseSize {
  readonly rows: number;
  readonly inner: number;
  readonly cols: number;
}

export interface CaseTensor {
  readonly length: number;
  /** What it begins with, trial by trial; zeros where there is none. */
  readonly fill?: (random: () => number) => Float32Array<ArrayBuffer> | Words;
  /** One for all trials. */
  readonly shared?: boolean;
  /** What its words mean to the twin; float32 unless told. */
  readonly decode?: (words: Words) => Float64Array;
}

export interface KernelCase {
  readonly tensors: Readonly<Record<string, CaseTensor>>;
  readonly fields: Readonly<Record<string, number>>;
  readonly variant: Readonly<Record<string, number>>;
  /** For each output, the error that float32 may make in element i, from what the twin worked on and found. */
  allowed(tensors: Tensors): Readonly<Record<string, (index: number) => number>>;
  /** A smaller call that does this share of the work, and makes the first elements of the outputs; for the CPU. */
  readonly excerpt?: {
    readonly share: number;
    readonly fields: Readonly<Record<string, number>>;
    readonly lengths: Readonly<Record<string, number>>;
  };
}

/** Numbers from `low` to `high`. */
export const floats = (length: number, low: number, high: number): CaseTensor => ({
  length,
  fill: (random) => Float32Array.from({ length }, () => low + (high - low) * random()),
});

export const output = (length: number): CaseTensor => ({ length });

export const scalar = (value: number): CaseTensor => ({ length: 1, fill: () => Float32Array.of(value) });

/** A trial's state before step 0, but for some words. */
export const stateWith = (changes: Partial<Record<StateName, number>>): CaseTensor => ({
  length: STATE_LENGTH,
  fill: () => wordsOfState(beginningState(changes)),
  decode: stateOfWords,
});

const DECAYS = 0x80000000;
const GAIN_AT = 2;

/** For each parameter the place of its learning rate, with the flag that it decays, and of its gain, in `settings`. */
export const segments = (parameters: number): CaseTensor => ({
  length: 2 * parameters,
  fill: () => Uint32Array.from({ length: 2 * parameters }, (_, i) => (i % 2 === 0 ? DECAYS + 3 : GAIN_AT)),
  shared: true,
  decode: (words) => Float64Array.from(words),
});

/** Momentum, weight decay, gain, learning rate. */
export const settings: CaseTensor = { length: 4, fill: () => Float32Array.of(0.9, 1e-3, 1.5, 1e-3) };

/** Σ over the rows of a function of the elements of a matrix, column by column. */
export function columnSums(
  matrix: Float64Array,
  cols: number,
  of: (value: number, index: number) => number,
): Float64Array {
  const sums = new Float64Array(cols);
  for (const [i, value] of matrix.entries()) sums[i % cols]! += of(value, i);
  return sums;
}
