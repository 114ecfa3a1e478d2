import type { Progress } from '../scheduler/sweep';
import { formatCount, formatRate } from './number_format';

/** `120 of 512 trials` */
export function trialsWords({ finished, trials }: Progress): string {
  return `${formatCount(finished)} of ${formatCount(trials)} trials`;
}

/** `1.2 M trial-steps/s` */
export function speedWords({ trialSteps, elapsed }: Progress): string {
  return `${formatRate(trialSteps / Math.max(elapsed, 1e-3))} trial-steps/s`;
}
