import { expect, test } from 'vitest';
import { ColourScale } from '../../src/view/colour_scale';

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
