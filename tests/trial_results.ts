import type { TrialResult } from '../src/scheduler/results';

/** A result of a trial of which only some fields matter. */
export function trialResult(fields: Partial<TrialResult> = {}): TrialResult {
  const of = fields.class ?? 'converged';
  const states = {
    converged: 'converged',
    stalled: 'stuck',
    diverged: 'diverged',
    training: 'stuck',
  } as const;
  return {
    trial: 0,
    class: of,
    state: states[of],
    score: of === 'converged' ? -20 : 20,
    lossInitial: 1,
    lossFinal: 0.25,
    lossMin: 0.125,
    lossMax: 1,
    saturation: 0.5,
    descent: 0.125,
    gradientNormMax: 0.5,
    weightNormFinal: 4,
    sharpnessInitial: -2,
    sharpnessFinal: 8,
    divergedAt: of === 'diverged' ? 7 : -1,
    ...fields,
  };
}
