import { describe, expect, test } from 'vitest';
import { outcomeRecord as kernel } from '../../src/kernels/outcome_record';
import { outcomeRecord as twin } from '../../src/reference/outcome_record';
import { beginningState, STATE, stateOfWords, wordsOfState } from '../../src/reference/state';
import { expectWithin, perTrial, runKernel, SLOTS, type Values } from '../kernel_harness';
import { ULP } from './sizes';

const RING = 3;
/** Divergence is 100 times the initial loss or the best constant's, 0.5. */
const SETTINGS = Float32Array.of(7, 0.5, 100);
const CALL = { ring: RING, divergence_at: 2, best_constant_at: 1 };
const START = wordsOfState(beginningState());

const bitsOf = (losses: readonly number[]) => new Uint32Array(Float32Array.from(losses).buffer);
const floatsOf = (bits: Values) => Float64Array.from(new Float32Array(Uint32Array.from(bits).buffer));

const stateToTwin = (state: Values) => stateOfWords(Uint32Array.from(state));

/** Gives `losses` step by step to the kernel and, with a state of its own, to the twin; every step must agree. */
async function simulate(losses: readonly number[], STOPS: number): Promise<Float64Array> {
  let history: Values[] = perTrial(() => new Uint32Array(RING));
  let state: Values[] = perTrial(() => START);
  const own = {
    settings: Float64Array.from(SETTINGS),
    history: new Float64Array(RING),
    state: stateToTwin(START),
  };
  for (const [step, loss] of losses.entries()) {
    const results = await runKernel({
      kernel,
      twin,
      tensors: {
        // The trial between the two that run has another loss.
        loss: {
          values: perTrial((slot) => bitsOf([slot === 1 ? 123 : loss])),
          offset: 1,
          padding: 2,
          toTwin: floatsOf,
        },
        settings: { values: [SETTINGS], stride0: true, padding: 1 },
        history: { values: history, offset: 2, padding: 1, toTwin: floatsOf },
        state: { values: state, offset: 3, padding: 2, toTwin: stateToTwin },
      },
      fields: CALL,
      variant: { STOPS },
    });
    twin({ ...own, loss: Float64Array.of(Math.fround(loss)) }, { ...CALL, STOPS });
    for (const { gpu } of results) {
      expectWithin(`history at ${step}`, floatsOf(gpu['history']!), own.history, 0);
      expectWithin(`state at ${step}`, stateToTwin(gpu['state']!), own.state, (i) =>
        i === STATE.sumV || i === STATE.sumInverseV ? (step + 4) * ULP * own.state[i]! : 0,
      );
    }
    // The slot that does not run stays where it began.
    const bySlot = new Map(results.map(({ slot, gpu }) => [slot, gpu]));
    history = Array.from({ length: SLOTS }, (_, slot) => bySlot.get(slot)?.['history'] ?? history[slot]!);
    state = Array.from({ length: SLOTS }, (_, slot) => bySlot.get(slot)?.['state'] ?? state[slot]!);
  }
  return own.state;
}

const SEQUENCES: Record<string, { losses: number[]; stopped: number; ran: number }> = {
  falling: { losses: [2, 1.5, 1, 0.5, 0.25, 0.3, 0.1], stopped: -1, ran: -1 },
  'rising past the limit': { losses: [2, 20, 199, 201, 1e4, 1e9, 1, 0.5], stopped: 3, ran: -1 },
  'to NaN and back': { losses: [2, 1, NaN, 3, 0.5], stopped: 2, ran: 2 },
  'to infinity': { losses: [2, 1, 50, Infinity, Infinity, NaN], stopped: 3, ran: 3 },
  'to minus infinity': { losses: [2, -Infinity, 1], stopped: 1, ran: 1 },
  'to zero': { losses: [2, 0, 0, 1], stopped: -1, ran: -1 },
  'from zero': { losses: [0, 1, 49, 51, 0], stopped: 3, ran: -1 },
  'from below the best constant': { losses: [1e-3, 1, 49, 51, 1], stopped: 3, ran: -1 },
  'from NaN': { losses: [NaN, 1, 0.5], stopped: 0, ran: 0 },
  'from infinity': { losses: [Infinity, 1, 0.5, 0.75], stopped: 0, ran: 0 },
  'to a ratio beyond float32': { losses: [1e-30, 1e20, 1e-30], stopped: 1, ran: -1 },
};

describe.each(Object.entries(SEQUENCES))('%s', (_, { losses, stopped, ran }) => {
  test('a trial that stops when it diverges', async () => {
    const state = await simulate(losses, 1);
    expect(state[STATE.clock]).toBe(losses.length);
    expect(state[STATE.divergedAt]).toBe(stopped);
    expect(state[STATE.recorded]).toBe(stopped < 0 ? losses.length : stopped + 1);
  });

  test('a trial that runs on, until a NaN', async () => {
    const state = await simulate(losses, 0);
    const end = losses.findIndex(Number.isNaN);
    const recorded = end < 0 ? losses : losses.slice(0, end + 1);
    const finite = recorded.filter(Number.isFinite);
    expect(state[STATE.clock]).toBe(losses.length);
    expect(state[STATE.divergedAt]).toBe(ran);
    expect(state[STATE.recorded]).toBe(recorded.length);
    expect(state[STATE.lossMin]).toBe(finite.length > 0 ? Math.fround(Math.min(...finite)) : losses[0]);
  });
});
