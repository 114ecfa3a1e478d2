import { expect, test } from 'vitest';
import type { InvariancePart } from '../../src/measures/invariance';
import { lawDeviation, powerLine, powerWords, scaleFits, type PowerFit } from '../../src/view/scale_fits';

const SCALES = Float64Array.of(0.01, 0.1, 1, 10, 100, 1000);

const part = (change: Partial<InvariancePart> = {}): InvariancePart => ({
  normalized: true,
  scales: SCALES,
  input: SCALES.map(() => 3),
  weights: SCALES.map((a) => 2 / a),
  product: SCALES.map((a) => 1e-3 / a),
  predicted: SCALES.map((a) => 1e-3 / a),
  epsilonShare: SCALES.map((a) => 1e-4 / (a * a)),
  breaking: 0.01,
  ...change,
});

test('powers are fitted where ε is negligible, and drawn on to where it is not', () => {
  const fits = scaleFits(part({ weights: SCALES.map((a) => (a < 1 ? 7 : 2 / a)) }))!;
  expect(fits.input.power).toBeCloseTo(0, 12);
  expect(fits.weights.power).toBeCloseTo(-1, 12);
  expect(fits.weights).toMatchObject({ from: 1, to: 1000 });
  expect(powerLine(fits.weights, [0.01])[0]).toBeCloseTo(200, 9);
});

test('three points are no power', () => {
  expect(scaleFits(part({ epsilonShare: SCALES.map((a) => (a < 10 ? 1 : 0)) }))).toBeUndefined();
});

test('the law is compared where it is more than rounding', () => {
  const product = Float64Array.from(SCALES, (a) => (a === 1 ? 1.1e-3 : a > 100 ? 1 : 1e-3 / a));
  expect(lawDeviation(part({ product }))).toBeCloseTo(0.1, 9);
  expect(lawDeviation(part({ predicted: SCALES.map(() => 0) }))).toBeUndefined();
});

test.each([
  [-0.99998, 7e-6, '−0.999980 ± 0.000007'],
  [-1e-17, 4e-17, '0.000000 ± <1e−6'],
  [-1, 0, '−1.000000 ± <1e−6'],
  [0.63, 0.05, '0.63 ± 0.05'],
])('%d ± %d', (power, error, words) => {
  expect(powerWords({ power, error } as PowerFit)).toBe(words);
});
