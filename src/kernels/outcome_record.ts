import source from '../../shaders/outcome_record.wgsl?raw';
import { outcomeRecord as twin } from '../reference/outcome_record';
import { STATE } from '../reference/state';
import type { Kernel } from './kernel';
import { floats, output, stateWith, ULP } from './kernel_case';
import { FINITE, OUTCOME } from './parts';
import { TRIALS_PART } from './trials';

/** Losses that the example keeps. */
const RING = 20;

/** Takes a loss into history (ring) and state, and moves the clock on; STOPS 1: a diverged trial records no more. */
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
        state: stateWith({
          clock: 7,
          recorded: 7,
          lossInitial: 2,
          lossLast: 1.5,
          lossMin: 1.25,
          lossMax: 2,
          sumV: 5,
          sumInverseV: 9,
        }),
      },
      fields: { ring: RING, divergence_at: 0, best_constant_at: 1 },
      variant: { STOPS: 1 },
      allowed: ({ state }) => ({
        history: () => 0,
        state: (i) => (i === STATE.sumV || i === STATE.sumInverseV ? 4 * ULP * state![i]! : 0),
      }),
    }),
  },
};
