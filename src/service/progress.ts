import type { Progress } from '../scheduler/sweep';

/** The progress of workers that share a sweep. */
export function mergeProgress(parts: readonly Progress[]): Progress {
  const sum = (field: 'trials' | 'finished' | 'trialSteps') =>
    parts.reduce((total, part) => total + part[field], 0);
  const trials = sum('trials');
  return {
    trials,
    finished: sum('finished'),
    fraction: parts.reduce((total, part) => total + part.fraction * part.trials, 0) / Math.max(1, trials),
    elapsed: Math.max(0, ...parts.map((part) => part.elapsed)),
    left: Math.max(0, ...parts.map((part) => part.left)),
    trialSteps: sum('trialSteps'),
  };
}
