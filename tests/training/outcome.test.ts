import { describe, expect, test } from 'vitest';
import type { Rule } from '../../src/experiment/types';
import { outcomeRecord } from '../../src/reference/outcome_record';
import { isDecided, judge, type Outcome } from '../../src/training/outcome';
import { STATE } from '../../src/training/plan';
import { emptyStates } from '../../src/training/states';
import type { TrialStates } from '../../src/training/engine';

const THRESHOLD: Rule = { type: 'threshold', divergence: 1000, target: 0.5, window: 4 };
const SOHL_DICKSTEIN: Rule = { type: 'sohl-dickstein' };

/** States of one trial, in slot 1 of two. */
function statesOf(trial: Partial<Record<keyof TrialStates, number>>): TrialStates {
  const states = emptyStates(2);
  for (const name of Object.keys(states) as (keyof TrialStates)[])
    states[name][1] = trial[name] ?? states[name][1]!;
  return states;
}

/** Takes the losses in as an engine does, and judges them. */
function judged(rule: Rule, losses: readonly number[], bestConstant = 1, ring = losses.length): Outcome {
  const history = new Float64Array(ring);
  const state = new Float64Array(STATE.length);
  state[STATE.divergedAt] = -1;
  const settings = Float64Array.of(rule.type === 'threshold' ? rule.divergence : 0, bestConstant);
  const STOPS = rule.type === 'threshold' ? 1 : 0;
  for (const loss of losses)
    outcomeRecord(
      { loss: Float64Array.of(loss), settings, history, state },
      { ring, divergence_at: 0, best_constant_at: 1, STOPS },
    );
  const states = statesOf({
    divergedAt: state[STATE.divergedAt]!,
    recorded: state[STATE.recorded]!,
    lossInitial: state[STATE.lossInitial]!,
    lossLast: state[STATE.lossLast]!,
    lossMin: state[STATE.lossMin]!,
    sumV: state[STATE.sumV]!,
    sumInverseV: state[STATE.sumInverseV]!,
  });
  return judge(rule, losses.length, bestConstant, states, 1, history);
}

describe('the threshold rule', () => {
  test('converged: the mean of the last losses is below target·L*', () => {
    expect(judged(THRESHOLD, [2, 2, 0.5, 0.5, 0.5, 0.25], 1)).toEqual({
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
    expect(judged(THRESHOLD, [2, 1, 2000, 2001, 0, 0], 1)).toEqual({
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
    expect(judged(THRESHOLD, [2, 1, loss, 1], 1)).toEqual({
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
    expect(judged(SOHL_DICKSTEIN, [2, 8, ...steps(20, 1)])).toEqual({
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
    expect(judged(SOHL_DICKSTEIN, [2, 1, NaN, NaN, NaN])).toEqual({
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

test('a ring that holds the window gives what the whole history gives', () => {
  const losses = Array.from({ length: 57 }, (_, t) => 1 + Math.sin(t));
  for (const rule of [THRESHOLD, SOHL_DICKSTEIN])
    for (const ring of [20, 23, 40]) expect(judged(rule, losses, 1, ring)).toEqual(judged(rule, losses));
});

test.each([
  ['trains', {}, false, false],
  ['diverged', { divergedAt: 3, lossLast: 1e9 }, true, false],
  ['had an infinite loss', { divergedAt: 3, lossLast: Infinity }, true, false],
  ['had an infinite loss and came back', { divergedAt: 3, lossLast: 1 }, true, false],
  ['had a NaN', { divergedAt: 3, lossLast: NaN }, true, true],
  ['diverged at once', { divergedAt: 0, lossLast: NaN }, true, true],
])('whether a trial is decided that %s', (_name, trial, threshold, sohlDickstein) => {
  const states = statesOf(trial);
  expect([THRESHOLD, SOHL_DICKSTEIN].map((rule) => isDecided(rule, states, 1))).toEqual([
    threshold,
    sohlDickstein,
  ]);
  expect(isDecided(THRESHOLD, states, 0), 'the other slot').toBe(false);
});
