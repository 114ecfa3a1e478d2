import { expect, test } from 'vitest';
import { ResultTable } from '../../src/scheduler/results';
import { ColourScale } from '../../src/view/colour_scale';
import { trialResult } from '../trial_results';

test('few trials leave the scale as it starts', () => {
  const scale = new ColourScale();
  scale.add(1e-6);
  expect(scale.range).toEqual({ poor: 0, good: -2 });
});

test('the scale spans the trials but for a few extreme ones', () => {
  const scale = new ColourScale();
  for (let i = 0; i <= 1000; i += 1) scale.add(10 ** (-3 + (2 * i) / 1000));
  scale.add(1e-8);
  scale.add(0);
  const { poor, good } = scale.range;
  expect(good).toBeGreaterThan(-3.1);
  expect(good).toBeLessThan(-2.85);
  expect(poor).toBeGreaterThan(-1.15);
  expect(poor).toBeLessThan(-0.95);
});

test('trials that are all alike still leave a scale', () => {
  const scale = new ColourScale();
  for (let i = 0; i < 20; i += 1) scale.add(0.1);
  expect(scale.range.poor - scale.range.good).toBeCloseTo(0.25);
});

test('of finished trials only those that converged count', () => {
  const table = new ResultTable(60);
  for (let trial = 0; trial < 60; trial += 1) {
    const state = (['converged', 'already', 'dead'] as const)[trial % 3]!;
    table.set(trialResult({ trial, state, score: -(0.1 ** (trial % 3)) }));
  }
  const scale = new ColourScale();
  scale.enter({ table, stepsOf: () => 1 }, table.class.keys());
  const { poor, good } = scale.range;
  expect([good, poor].map((end) => Math.abs(end) <= 0.25)).toEqual([true, true]);
});
