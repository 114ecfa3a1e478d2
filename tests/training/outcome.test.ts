import { describe, expect, test } from 'vitest';
import type { Rule } from '../../src/experiment/types';
import { outcomeRecord } from '../../src/reference/outcome_record';
import { beginningState, STATE } from '../../src/reference/state';
import { finishedBatch, rowsOf, type TrialResult } from '../../src/scheduler/results';
import { isDecided, judge } from '../../src/training/outcome';
import { emptyStates, takeState } from '../../src/training/states';

const THRESHOLD: Rule = { type: 'threshold', divergence: 1000, target: 0.5, window: 4 };
const SOHL_DICKSTEIN: Rule = { type: 'sohl-dickstein' };

/** Takes the losses in as an engine does, and judges them. */
function judged(
  rule: Rule,
  losses: readonly number[],
  bestConstant = 1,
  { ring = losses.length, nonfinite = 0, saturated = 0 } = {},
): TrialResult {
  const history = new Float64Array(ring);
  const state = beginningState();
  const settings = Float64Array.of(rule.type === 'threshold' ? rule.divergence : 0, bestConstant);
  const STOPS = rule.type === 'threshold' ? 1 : 0;
  for (const loss of losses)
    outcomeRecord(
      { loss: Float64Array.of(loss), settings, history, state },
      { ring, divergence_at: 0, best_constant_at: 1, STOPS },
    );
  state[STATE.saturated] = saturated;
  state[STATE.nonfinite] = nonfinite;
  const states = emptyStates(2);
  takeState(states, 1, state);
  const plan = { steps: losses.length, activated: true };
  const outcome = judge(rule, plan, bestConstant, states, 1, history);
  return rowsOf(finishedBatch([0], [outcome], states))[0]!;
}

describe('the threshold rule', () => {
  test('converged: the mean of the last losses is below target·L*', () => {
    expect(judged(THRESHOLD, [2, 2, 0.5, 0.5, 0.5, 0.25], 1)).toMatchObject({
      class: 'converged',
      score: -(1 + 1 + 0.25 + 0.25 + 0.25 + 0.125),
      lossInitial: 2,
      lossFinal: 0.4375,
      lossMin: 0.25,
      divergedAt: -1,
    });
  });

  test('stalled: it is not, be it only just', () => {
    expect(judged(THRESHOLD, [4, 1, 0.5, 0.5, 0.5, 0.5], 1)).toMatchObject({
      class: 'stalled',
      score: 1 + 4 + 8 + 8 + 8 + 8,
      lossFinal: 0.5,
    });
  });

  test('diverged: a loss exceeds divergence·L₀, and nothing after it counts', () => {
    expect(judged(THRESHOLD, [2, 1, 2000, 2001, 0, 0], 1)).toMatchObject({
      class: 'diverged',
      score: 1 + 2 + 1 / 1000 + 2 / 2001 + 2 / 1e6,
      lossInitial: 2,
      lossFinal: (2 + 1 + 2000 + 2001) / 4,
      lossMin: 1,
      divergedAt: 3,
    });
  });

  test('… or divergence·L*, where that is more', () => {
    expect(judged(THRESHOLD, [1, 3000, 4000.5, 0], 4)).toMatchObject({ class: 'diverged', divergedAt: 2 });
    expect(judged(THRESHOLD, [1, 3000, 4000, 0, 0, 0, 0], 4)).toMatchObject({
      class: 'converged',
      divergedAt: -1,
    });
  });

  test.each([Infinity, NaN])('… or a loss is %d', (loss) => {
    expect(judged(THRESHOLD, [2, 1, loss, 1], 1)).toMatchObject({
      class: 'diverged',
      score: 1 + 2 + 1e-6 + 1e-6,
      lossInitial: 2,
      lossFinal: loss,
      lossMin: 1,
      divergedAt: 2,
    });
    expect(judged(THRESHOLD, [loss, 1, 1], 1)).toMatchObject({
      class: 'diverged',
      divergedAt: 0,
      lossFinal: loss,
    });
  });

  test('a converged trial diverges by its last loss', () => {
    expect(judged(THRESHOLD, [1, 0, 0, 0, 0, 1001])).toMatchObject({ class: 'diverged', divergedAt: 5 });
  });

  test('a window longer than the training is all of it', () => {
    expect(judged({ ...THRESHOLD, window: 20 }, [1, 0.25, 0.25])).toMatchObject({
      class: 'stalled',
      lossFinal: 0.5,
    });
    expect(judged({ ...THRESHOLD, window: 20 }, [0.9, 0.25, 0.25])).toMatchObject({ class: 'converged' });
  });

  test('a window of one is the last loss', () => {
    expect(judged({ ...THRESHOLD, window: 1 }, [1, 9, 0.4])).toMatchObject({
      class: 'converged',
      lossFinal: 0.4,
    });
  });

  test('L₀ = 0: v is 10⁶', () => {
    expect(judged(THRESHOLD, [0, 0, 0], 1)).toMatchObject({ class: 'converged', score: -3e6 });
    expect(judged(THRESHOLD, [0, 2, 2], 1)).toMatchObject({ class: 'stalled', score: 3 / 1e6 });
  });

  test('L* = 0: nothing is below it', () => {
    expect(judged(THRESHOLD, [1, 0, 0, 0, 0], 0)).toMatchObject({ class: 'stalled' });
  });
});

describe("Sohl-Dickstein's rule", () => {
  const steps = (count: number, loss: number) => Array.from({ length: count }, () => loss);

  test('converged: the mean of the last 20 losses is below L₀', () => {
    expect(judged(SOHL_DICKSTEIN, [2, 8, ...steps(20, 1)])).toMatchObject({
      class: 'converged',
      score: -(1 + 4 + 20 * 0.5),
      lossInitial: 2,
      lossFinal: 1,
      lossMin: 1,
      divergedAt: -1,
    });
  });

  test('otherwise diverged, be it only just', () => {
    expect(judged(SOHL_DICKSTEIN, steps(30, 2))).toMatchObject({
      class: 'diverged',
      score: 30,
      divergedAt: -1,
    });
    expect(judged(SOHL_DICKSTEIN, [2, ...steps(10, 1), ...steps(10, 3)])).toMatchObject({
      class: 'diverged',
    });
  });

  test('each v is clipped at 10⁶', () => {
    const losses = [1, ...steps(19, 0), 3e7];
    expect(judged(SOHL_DICKSTEIN, losses)).toMatchObject({ class: 'diverged', lossFinal: 1.5e6 });
    // Clipped, the one large loss still outweighs all others; out of the window it no longer counts.
    expect(judged(SOHL_DICKSTEIN, [1, 3e7, ...steps(20, 0.5)])).toMatchObject({
      class: 'converged',
      score: -(1 + 1e6 + 10),
    });
  });

  test('a large loss stops nothing, nor does one that is infinite', () => {
    expect(judged(SOHL_DICKSTEIN, [1, 1e9, ...steps(20, 0.5)])).toMatchObject({
      class: 'converged',
      divergedAt: -1,
    });
    expect(judged(SOHL_DICKSTEIN, [1, Infinity, ...steps(20, 0.5)])).toMatchObject({
      class: 'converged',
      divergedAt: 1,
      score: -(1 + 1e6 + 10),
      lossFinal: 0.5,
      lossMin: 0.5,
    });
    expect(judged(SOHL_DICKSTEIN, [1, ...steps(19, 0.5), Infinity])).toMatchObject({
      class: 'diverged',
      lossFinal: Infinity,
    });
  });

  test('NaN is 10⁶, and so is every step after it', () => {
    expect(judged(SOHL_DICKSTEIN, [2, 1, NaN, NaN, NaN])).toMatchObject({
      class: 'diverged',
      score: 1 + 2 + 3e-6,
      lossInitial: 2,
      lossFinal: NaN,
      lossMin: 1,
      divergedAt: 2,
    });
  });

  test('fewer steps than 20 are all counted', () => {
    expect(judged(SOHL_DICKSTEIN, [1, 0.5, 0.5])).toMatchObject({ class: 'converged' });
    expect(judged(SOHL_DICKSTEIN, [1])).toMatchObject({ class: 'diverged', score: 1 });
  });

  test('L₀ = 0: v is 10⁶', () => {
    expect(judged(SOHL_DICKSTEIN, [0, 0])).toMatchObject({ class: 'diverged', score: 2e-6 });
  });
});

describe('the state of a trial', () => {
  const LOGISTIC = { ...THRESHOLD, window: 4 };
  const falling = (from: number, factor: number, count: number) =>
    Array.from({ length: count }, (_, t) => from * factor ** t);

  test('converged, stuck, diverged as the class says', () => {
    expect(judged(THRESHOLD, [2, 0.4, 0.4, 0.4, 0.4])).toMatchObject({
      class: 'converged',
      state: 'converged',
    });
    expect(judged(THRESHOLD, [2, 1, 1, 1, 1])).toMatchObject({ class: 'stalled', state: 'stuck' });
    expect(judged(THRESHOLD, [2, NaN, 1, 1])).toMatchObject({ class: 'diverged', state: 'diverged' });
  });

  test('already: it was below the target before any training', () => {
    expect(judged(THRESHOLD, [0.49, 0.4, 0.4, 0.4])).toMatchObject({ class: 'converged', state: 'already' });
    expect(judged(THRESHOLD, [0.5, 0.4, 0.4, 0.4])).toMatchObject({ state: 'converged' });
    expect(judged(SOHL_DICKSTEIN, [0.49, 0.4])).toMatchObject({ state: 'converged' });
  });

  test('slow: at its pace it would be below the target within ten times the steps', () => {
    // At step t its loss is 2·f^t; it is below 0.5 from t = ln 4 / −ln f on, to be compared with step 10·20.
    const needs = (steps: number) => 0.25 ** (1 / steps);
    expect(judged(THRESHOLD, falling(2, needs(195), 20))).toMatchObject({ class: 'stalled', state: 'slow' });
    expect(judged(THRESHOLD, falling(2, needs(205), 20))).toMatchObject({ class: 'stalled', state: 'stuck' });
    // By the last window alone.
    expect(judged(THRESHOLD, [...falling(2, needs(100), 20), ...falling(1.5, 1, 4)])).toMatchObject({
      state: 'stuck',
    });
    expect(judged(THRESHOLD, [...falling(1, 1.1, 10), ...falling(2, needs(100), 6)])).toMatchObject({
      state: 'slow',
    });
  });

  test('stuck: no pace can be told of a single loss, nor of losses of 0', () => {
    expect(judged({ ...THRESHOLD, window: 1 }, [2, 1, 0.6])).toMatchObject({
      class: 'stalled',
      state: 'stuck',
    });
    expect(judged(LOGISTIC, [1, 0, 0, 0, 0], 0)).toMatchObject({ class: 'stalled', state: 'stuck' });
    expect(judged(LOGISTIC, [0, 0, 0, 0, 0], 0)).toMatchObject({ class: 'stalled', state: 'stuck' });
  });

  test('dead: a loss beyond 10⁶·L₀, which the rule did not call diverged', () => {
    const later = [0.5, ...Array.from({ length: 20 }, () => 0.25)];
    expect(judged(SOHL_DICKSTEIN, [1, 1.01e6, ...later])).toMatchObject({
      class: 'converged',
      state: 'dead',
      lossMax: 1.01e6,
    });
    expect(judged(SOHL_DICKSTEIN, [1, 0.99e6, ...later])).toMatchObject({
      class: 'converged',
      state: 'converged',
    });
    expect(judged(SOHL_DICKSTEIN, [1, Infinity, ...later])).toMatchObject({
      class: 'converged',
      state: 'dead',
    });
    expect(judged(SOHL_DICKSTEIN, [1, 2e6])).toMatchObject({ class: 'diverged', state: 'diverged' });
    const patient = { ...THRESHOLD, divergence: 1e9 };
    expect(judged(patient, [1, 2e6, 0, 0, 0, 0])).toMatchObject({ class: 'converged', state: 'dead' });
    expect(judged(patient, [0.1, 2e5, 1, 1, 1, 1], 1)).toMatchObject({ class: 'stalled', state: 'dead' });
  });

  test('dead: a parameter is not finite, whatever the losses', () => {
    const dead = { nonfinite: 1 };
    expect(judged(THRESHOLD, [2, 0.4, 0.4, 0.4, 0.4], 1, dead)).toMatchObject({
      class: 'converged',
      state: 'dead',
    });
    expect(judged(THRESHOLD, [2, 2, 2, 2, 2], 1, dead)).toMatchObject({ class: 'stalled', state: 'dead' });
    expect(judged(THRESHOLD, [2, NaN], 1, dead)).toMatchObject({ class: 'diverged', state: 'diverged' });
  });

  test('descent is the slope of the log loss over the window, in decades a step', () => {
    const falling = Array.from({ length: 12 }, (_, t) => 2 * 10 ** (-0.01 * t));
    expect(judged(THRESHOLD, falling).descent).toBeCloseTo(0.01, 7);
    expect(judged(THRESHOLD, [9, 0.1, 1, 1, 1, 1]).descent, 'of the window alone').toBeCloseTo(0, 7);
    expect(judged(THRESHOLD, falling.toReversed()).descent).toBeCloseTo(-0.01, 7);
    expect(judged(THRESHOLD, [1, 0, 0, 0, 0]).descent, 'of losses of 0').toBeCloseTo(0, 7);
    expect(judged(THRESHOLD, [2, 2001, 1]).descent, 'diverged').toBeNaN();
    expect(judged({ ...THRESHOLD, window: 1 }, [2, 1]).descent, 'of one loss').toBeNaN();
  });

  test('saturation is known of the last step alone', () => {
    expect(judged(THRESHOLD, [2, 1, 1], 1, { saturated: 0.25 }).saturation).toBe(0.25);
    expect(judged(THRESHOLD, [2, NaN, 1], 1, { saturated: 0.25 }).saturation).toBeNaN();
  });
});

test('a ring that holds the window gives what the whole history gives', () => {
  const losses = Array.from({ length: 57 }, (_, t) => 1 + Math.sin(t));
  for (const rule of [THRESHOLD, SOHL_DICKSTEIN])
    for (const ring of [20, 23, 40]) expect(judged(rule, losses, 1, { ring })).toEqual(judged(rule, losses));
});

test.each([
  ['trains', {}, false, false],
  ['diverged', { divergedAt: 3, lossLast: 1e9 }, true, false],
  ['had an infinite loss', { divergedAt: 3, lossLast: Infinity }, true, false],
  ['had an infinite loss and came back', { divergedAt: 3, lossLast: 1 }, true, false],
  ['had a NaN', { divergedAt: 3, lossLast: NaN }, true, true],
  ['diverged at once', { divergedAt: 0, lossLast: NaN }, true, true],
])('whether a trial is decided that %s', (_name, trial, threshold, sohlDickstein) => {
  const states = emptyStates(2);
  const { divergedAt, lossLast } = trial as Partial<Record<'divergedAt' | 'lossLast', number>>;
  if (divergedAt !== undefined) states.divergedAt[1] = divergedAt;
  if (lossLast !== undefined) states.lossLast[1] = lossLast;
  expect([THRESHOLD, SOHL_DICKSTEIN].map((rule) => isDecided(rule, states, 1))).toEqual([
    threshold,
    sohlDickstein,
  ]);
  expect(isDecided(THRESHOLD, states, 0), 'the other slot').toBe(false);
});
