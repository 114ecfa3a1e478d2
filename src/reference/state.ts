/** A word of a trial's state: its type on the GPU, and what it is before step 0. */
export interface StateWord {
  readonly type: 'u32' | 'i32' | 'f32';
  readonly begins: number;
}

const COUNT = { type: 'u32', begins: 0 } as const;
const NUMBER = { type: 'f32', begins: 0 } as const;

/**
 * The words of a trial's state, in the order in which kernels (shaders/shared/outcome.wgsl) and twins keep them. Where they lie,
 * how they are read back and what engines tell of a trial follow from this list.
 */
export const STATE_WORDS = {
  /** Steps made. */
  clock: COUNT,
  /** The step at which the trial diverged (threshold), or its loss first was not finite; −1: never. */
  divergedAt: { type: 'i32', begins: -1 },
  lossInitial: NUMBER,
  lossLast: NUMBER,
  /** Of the finite ones. */
  lossMin: NUMBER,
  /** Σv and Σ1/v over the recorded losses, v = min(loss / loss₀, 10⁶), 10⁶ where that is no number. */
  sumV: NUMBER,
  sumInverseV: NUMBER,
  /** Losses recorded so far; a diverged trial records no more under the threshold rule. */
  recorded: COUNT,
  /** The largest loss so far; NaN above all. */
  lossMax: NUMBER,
  /** Of the last step, 0 before it: the share of the units whose φ′ is below 0.05; how many parameters are not finite. */
  saturated: NUMBER,
  nonfinite: NUMBER,
} as const satisfies Record<string, StateWord>;

export type StateName = keyof typeof STATE_WORDS;

const NAMES = Object.keys(STATE_WORDS) as StateName[];

/** Names and words, in order. */
export const STATE_ENTRIES: readonly (readonly [StateName, StateWord])[] = NAMES.map((name) => [
  name,
  STATE_WORDS[name],
]);

export const STATE_LENGTH = NAMES.length;

/** Where each word lies. */
export const STATE = Object.fromEntries(NAMES.map((name, at) => [name, at])) as Readonly<
  Record<StateName, number>
>;

/** The state of a trial before step 0, as its twins keep it; but for some words. */
export function beginningState(
  changes: Readonly<Partial<Record<StateName, number>>> = {},
): Float64Array<ArrayBuffer> {
  return Float64Array.from(STATE_ENTRIES, ([name, { begins }]) => changes[name] ?? begins);
}

/** How a word is read and written, by its type. */
export const WORD_ARRAYS = { u32: Uint32Array, i32: Int32Array, f32: Float32Array } as const satisfies Record<
  StateWord['type'],
  unknown
>;

/** A trial's state as its twins keep it, from its words on the GPU. */
export function stateOfWords(words: Uint32Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = words;
  return Float64Array.from(
    STATE_ENTRIES,
    ([, { type }], at) => new WORD_ARRAYS[type](buffer, byteOffset, length)[at]!,
  );
}

/** The words of a trial's state on the GPU. */
export function wordsOfState(state: ArrayLike<number>): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(STATE_LENGTH);
  for (const [at, [, { type }]] of STATE_ENTRIES.entries())
    new WORD_ARRAYS[type](words.buffer)[at] = state[at]!;
  return words;
}
