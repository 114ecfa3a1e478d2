import { expect, test } from 'vitest';
import type { NormLawPart } from '../../src/measures/norm_law';
import { branches, divergesFrom, goalLoss, stepsToGoal } from '../../src/view/norm_growth';

/** Losses that fall from 1 to `least` in so many steps, of `all`; a trial that diverges has fewer. */
const losses = (steps: number, least: number, all = 100) =>
  Float64Array.from({ length: all }, (_, t) => (t < steps ? 1 : least));

const part = (...columns: readonly Float64Array[]): NormLawPart => ({
  normalized: true,
  roundoff: 0,
  traces: columns.map((loss, i) => ({ rate: 10 ** i, loss, weightNorm: loss, gradientNorm: loss })),
});

test('the goal is nine tenths of the way from the best constant to what any rate reaches', () => {
  const arm = part(losses(40, 0.3), losses(4, 0.1), losses(7, 0.13), losses(0, Number.NaN));
  expect(goalLoss(arm, 0.5)).toBeCloseTo(0.14, 12);
  expect(stepsToGoal(arm, 0.5)).toEqual([undefined, 4, 7, undefined]);
});

test('where no rate does better than a constant, the goal is the constant', () => {
  expect(goalLoss(part(losses(4, 0.7)), 0.5)).toBe(0.5);
});

test('both branches have a slope, but for steps too few to tell', () => {
  const rates = [1, 2, 4, 8, 16, 32, 64, 128, 256];
  const steps = [160, 80, 40, 20, 3, 19, 38, 76, undefined];
  const { slow, fast } = branches(rates, steps);
  expect(slow!.slope).toBeCloseTo(-1, 12);
  expect(fast).toBeUndefined(); // two points that are fine enough
  expect(branches(rates, [...steps.slice(0, 5), 21, 42, 84, 168]).fast!.slope).toBeCloseTo(1, 12);
});

test('the rates from which on all diverge', () => {
  const short = losses(0, 1, 3);
  expect(divergesFrom(part(losses(1, 0), short, losses(1, 0), short, short), 100)).toBe(1000);
  expect(divergesFrom(part(short, losses(1, 0)), 100)).toBeUndefined();
});
