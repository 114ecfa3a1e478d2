import type { Rule } from '../experiment/types';
import type { TrialStates } from './engine';
import { SOHL_DICKSTEIN_WINDOW } from './plan';

export const CLASSES = ['converged', 'stalled', 'diverged'] as const;
export type TrialClass = (typeof CLASSES)[number];

/** The outcome of a finished trial, as the experiment's contract defines it. */
export interface Outcome {
  class: TrialClass;
  /** For colour: converged −Σv, otherwise +Σ1/v, with v = min(loss / loss₀, 10⁶); steps after a stop count as v = 10⁶. */
  score: number;
  lossInitial: number;
  /** The mean of the last `window` losses recorded. */
  lossFinal: number;
  lossMin: number;
  /** Step, or −1. */
  divergedAt: number;
}

const CLIP = 1e6;

/**
 * Judges trial `slot` of a wave that has run its `steps`.
 * @param history its latest losses, loss t at t mod length
 * @param bestConstant L*, the loss of the best constant prediction
 */
export function judge(
  rule: Rule,
  steps: number,
  bestConstant: number,
  states: TrialStates,
  slot: number,
  history: ArrayLike<number>,
): Outcome {
  const recorded = states.recorded[slot]!;
  const lossInitial = states.lossInitial[slot]!;
  const divergedAt = states.divergedAt[slot]!;
  const window = rule.type === 'threshold' ? rule.window : SOHL_DICKSTEIN_WINDOW;
  const latest: number[] = [];
  for (let t = Math.max(0, recorded - Math.min(window, history.length)); t < recorded; t += 1)
    latest.push(history[t % history.length]!);
  const lossFinal = mean(latest);
  const trialClass =
    rule.type === 'threshold'
      ? divergedAt >= 0
        ? 'diverged'
        : lossFinal < rule.target * bestConstant
          ? 'converged'
          : 'stalled'
      : mean(latest.map((loss) => relativeLoss(loss, lossInitial))) < 1
        ? 'converged'
        : 'diverged';
  const unrecorded = steps - recorded;
  return {
    class: trialClass,
    score:
      trialClass === 'converged'
        ? -(states.sumV[slot]! + unrecorded * CLIP)
        : states.sumInverseV[slot]! + unrecorded / CLIP,
    lossInitial,
    lossFinal,
    lossMin: states.lossMin[slot]!,
    divergedAt,
  };
}

/**
 * Whether the latest losses of a trial can be what its state tells of them: the last is the last, and none is below the least.
 * @param history as of `judge`
 */
export function isConsistent(states: TrialStates, slot: number, history: ArrayLike<number>): boolean {
  const recorded = states.recorded[slot]!;
  const least = states.lossMin[slot]!;
  if (recorded === 0 || !Object.is(history[(recorded - 1) % history.length], states.lossLast[slot]))
    return false;
  for (let t = Math.max(0, recorded - history.length); t < recorded; t += 1)
    if (history[t % history.length]! < least) return false;
  return true;
}

/** v of arXiv 2402.06184. */
function relativeLoss(loss: number, lossInitial: number): number {
  const v = loss / lossInitial;
  return Number.isFinite(v) && Number.isFinite(lossInitial) && lossInitial !== 0 ? Math.min(v, CLIP) : CLIP;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Whether no further step can change how the trial will be judged, so that it need not be trained on. */
export function isDecided(rule: Rule, states: TrialStates, slot: number): boolean {
  if (states.divergedAt[slot]! < 0) return false;
  // Under Sohl-Dickstein's rule an infinite loss might come down again; NaN has reached the weights, and stays.
  return rule.type === 'threshold' || Number.isNaN(states.lossLast[slot]!);
}
