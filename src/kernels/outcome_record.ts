import source from '../../shaders/outcome_record.wgsl?raw';
import { outcomeRecord as twin } from '../reference/outcome_record';
import type { Kernel } from './kernel';
import { floats, output, STATE_WORDS, ULP, type CaseTensor } from './kernel_case';
import { FINITE, OUTCOME } from './parts';
import { TRIALS_PART } from './trials';

/** Losses that the example keeps. */
const RING = 20;

/** Clock, diverged_at, losses and sums, recorded: counts and steps are integers, the rest float32. */
const stateExample: CaseTensor = {
  length: STATE_WORDS,
  fill() {
    const words = new Uint32Array(STATE_WORDS);
    words.set([7, 0xffffffff]);
    words[7] = 7;
    new Float32Array(words.buffer).set([2, 1.5, 1.25, 5, 9], 2);
    new Float32Array(words.buffer).set([2], 8);
    return words;
  },
  decode(words) {
    const values = Float64Array.from(new Float32Array(words.buffer, words.byteOffset, words.length));
    values.set([words[0]!, words[1] === 0xffffffff ? -1 : words[1]!]);
    values[7] = words[7]!;
    return values;
  },
};

/** Takes a loss into history (ring) and state (11 words), and moves the clock on; STOPS 1: a diverged trial records no more. */
export const outcomeRecord: Kernel = {
  name: 'outcome_record',
  source,
  shared: [TRIALS_PART, FINITE, OUTCOME],
  tensors: { loss: 'read', settings: 'read', history: 'read_write', state: 'read_write' },
  fields: { ring: 'u32', divergence_at: 'u32', best_constant_at: 'u32' },
  variant: ['STOPS'],
  workgroups: () => 1,
  twin,
  // A ratio, a limit, two inverses and sums.
  counts: {
    flops: () => 6,
    touched: { settings: () => 2, history: () => 1, state: () => 9 },
    inPlace: ['state'],
  },
  cases: {
    outcome_record: () => ({
      tensors: {
        loss: floats(1, 0.5, 2),
        settings: { length: 2, fill: () => Float32Array.of(100, 1) },
        history: output(RING),
        state: stateExample,
      },
      fields: { ring: RING, divergence_at: 0, best_constant_at: 1 },
      variant: { STOPS: 1 },
      allowed: ({ state }) => ({
        history: () => 0,
        state: (i) => (i === 5 || i === 6 ? 4 * ULP * state![i]! : 0),
      }),
    }),
  },
};
