import {
  beginningState,
  STATE_ENTRIES,
  STATE_LENGTH,
  WORD_ARRAYS,
  wordsOfState,
  type STATE_WORDS,
  type StateName,
  type StateWord,
} from '../reference/state';

/** The arrays of a word of all trials; numbers are float64, in which the reference engine computes. */
const ARRAYS = { u32: Uint32Array, i32: Int32Array, f32: Float64Array } as const satisfies Record<
  StateWord['type'],
  unknown
>;

/** Where the trials of a wave stand: each word of the state (`STATE_WORDS`), by slot. */
export type TrialStates = {
  readonly [Name in StateName]: InstanceType<(typeof ARRAYS)[(typeof STATE_WORDS)[Name]['type']]>;
};

/** States of `trials` trials that have recorded nothing yet. */
export function emptyStates(trials: number): TrialStates {
  return Object.fromEntries(
    STATE_ENTRIES.map(([name, { type, begins }]) => [name, new ARRAYS[type](trials).fill(begins)]),
  ) as TrialStates;
}

/** Takes a trial's state, as its twins keep it, into the states of all. */
export function takeState(states: TrialStates, slot: number, state: ArrayLike<number>): void {
  for (const [at, [name]] of STATE_ENTRIES.entries()) states[name][slot] = state[at]!;
}

/** The GPU's words before step 0: (trials × STATE_LENGTH). */
export function beginningWords(trials: number): Uint32Array<ArrayBuffer> {
  const beginning = wordsOfState(beginningState());
  const words = new Uint32Array(trials * STATE_LENGTH);
  for (let slot = 0; slot < trials; slot += 1) words.set(beginning, slot * STATE_LENGTH);
  return words;
}

/** The states that the GPU's words (trials × STATE_LENGTH) tell. */
export function statesOf(words: Uint32Array<ArrayBuffer>): TrialStates {
  const trials = words.length / STATE_LENGTH;
  const states = emptyStates(trials);
  for (const [at, [name, { type }]] of STATE_ENTRIES.entries())
    TAKE[type](states[name], new WORD_ARRAYS[type](words.buffer), at);
  return states;
}

type TakeWord = (to: Uint32Array | Int32Array | Float64Array, from: ArrayLike<number>, at: number) => void;

/** Takes word `at` of all trials, by a function of its own for each type: one that sees arrays of all types is four times as slow in V8. */
const TAKE: Readonly<Record<StateWord['type'], TakeWord>> = {
  u32: takeWord(),
  i32: takeWord(),
  f32: takeWord(),
};

function takeWord(): TakeWord {
  return (to, from, at) => {
    for (let slot = 0; slot < to.length; slot += 1) to[slot] = from[slot * STATE_LENGTH + at]!;
  };
}
