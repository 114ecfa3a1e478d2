import type { Measure, Rule } from '../experiment/types';
import { SOHL_DICKSTEIN_WINDOW, type Plan } from './plan';
import type { TrialStates } from './states';

export const CLASSES = ['converged', 'stalled', 'diverged'] as const;
export type TrialClass = (typeof CLASSES)[number];

/**
 * What became of a trial, for people; its class stays what the rule says.
 * - dead: a loss or a parameter was once not finite, or the loss beyond 10⁶·L₀, and yet the rule did not call it diverged;
 * - already: converged, but the loss was below the target before any training;
 * - slow: stalled, and at the pace of its last window it would be below the target within ten times the steps;
 * - stuck: stalled otherwise.
 */
export const STATES = ['converged', 'already', 'slow', 'stuck', 'diverged', 'dead'] as const;
export type TrialState = (typeof STATES)[number];

/** Whether a trial trains, as the difference of two arms and the largest learning rate count it: the dead do not. */
export function trains(state: TrialState): boolean {
  return state === 'converged' || state === 'already';
}

/** What the document's measures found of a trial. */
export type Measured = Readonly<Partial<Record<Measure, number>>>;

/** What is known of a finished trial, from which the columns of its outcome are told (outcome_columns.ts). */
export interface FinishedTrial {
  readonly class: TrialClass;
  readonly state: TrialState;
  /** In its wave. */
  readonly slot: number;
  /** The last `window` losses recorded, and their mean. */
  readonly latest: readonly number[];
  readonly lossFinal: number;
  /** Steps after a stop. */
  readonly unrecorded: number;
  /** Whether its units were looked at after the last step. */
  readonly isExamined: boolean;
  /** Nothing where nothing was measured. */
  readonly measured?: Measured;
}

/** The most that v, a loss over the initial one, counts for. */
export const CLIP = 1e6;
/** Times L₀: a loss beyond has left what training is about. */
export const DEADLY = 1e6;
/** How many times the steps a slow trial may take. */
export const LONGER = 10;

/**
 * Judges trial `slot` of a wave that has run its `steps`, as the experiment's contract says.
 * @param plan what it was trained by
 * @param history its latest losses, loss t at t mod length
 * @param bestConstant L*, the loss of the best constant prediction
 */
export function judge(
  rule: Rule,
  { steps, activated }: Pick<Plan, 'steps' | 'activated'>,
  bestConstant: number,
  states: TrialStates,
  slot: number,
  history: ArrayLike<number>,
): FinishedTrial {
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
  const lossMax = states.lossMax[slot]!;
  const isDead =
    trialClass !== 'diverged' &&
    (states.nonfinite[slot]! > 0 || !Number.isFinite(lossMax) || lossMax > DEADLY * lossInitial);
  const target = rule.type === 'threshold' ? rule.target * bestConstant : 0;
  const stateOf = (): TrialState => {
    if (isDead) return 'dead';
    if (trialClass === 'converged') return lossInitial < target ? 'already' : 'converged';
    if (trialClass === 'diverged') return 'diverged';
    return forecast(latest, LONGER * steps - recorded) < target ? 'slow' : 'stuck';
  };
  return {
    class: trialClass,
    state: stateOf(),
    slot,
    latest,
    lossFinal,
    unrecorded,
    isExamined: activated && unrecorded === 0,
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

/**
 * The loss `ahead` steps after the last of some, should its logarithm go on along its least-squares line; Infinity where they do
 * not fall, or have no logarithm.
 */
function forecast(losses: readonly number[], ahead: number): number {
  const { level, slope } = logLine(losses);
  return slope < 0 ? Math.exp(level + slope * ((losses.length - 1) / 2 + ahead)) : Infinity;
}

/** The least-squares line of the natural logarithms of losses: its level in their middle, and its slope a step. */
export function logLine(losses: readonly number[]): { level: number; slope: number } {
  const logs = losses.map(Math.log);
  const middle = (logs.length - 1) / 2;
  const level = mean(logs);
  const slope =
    mean(logs.map((log, t) => (log - level) * (t - middle))) / mean(logs.map((_, t) => (t - middle) ** 2));
  return { level, slope };
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
