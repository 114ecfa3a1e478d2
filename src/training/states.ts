import type { TrialStates } from './engine';
import { STATE } from './plan';

/** States of `trials` trials that have recorded nothing yet. */
export function emptyStates(trials: number): TrialStates {
  return {
    divergedAt: new Int32Array(trials).fill(-1),
    recorded: new Uint32Array(trials),
    lossInitial: new Float64Array(trials),
    lossLast: new Float64Array(trials),
    lossMin: new Float64Array(trials),
    sumV: new Float64Array(trials),
    sumInverseV: new Float64Array(trials),
    lossMax: new Float64Array(trials),
    saturated: new Float64Array(trials),
    nonfinite: new Float64Array(trials),
  };
}

/** Takes a trial's state, as its twins keep it (STATE), into the states of all. */
export function takeState(states: TrialStates, slot: number, state: ArrayLike<number>): void {
  states.divergedAt[slot] = state[STATE.divergedAt]!;
  states.recorded[slot] = state[STATE.recorded]!;
  states.lossInitial[slot] = state[STATE.lossInitial]!;
  states.lossLast[slot] = state[STATE.lossLast]!;
  states.lossMin[slot] = state[STATE.lossMin]!;
  states.sumV[slot] = state[STATE.sumV]!;
  states.sumInverseV[slot] = state[STATE.sumInverseV]!;
  states.lossMax[slot] = state[STATE.lossMax]!;
  states.saturated[slot] = state[STATE.saturated]!;
  states.nonfinite[slot] = state[STATE.nonfinite]!;
}
