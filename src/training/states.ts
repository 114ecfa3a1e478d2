import type { TrialStates } from './engine';

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
  };
}
