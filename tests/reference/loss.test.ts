import { describe, expect, test } from 'vitest';
import { lossBackward } from '../../src/reference/loss';
import { lossForward } from '../../src/reference/loss';
import { finiteDifference } from './finite_difference';

const KINDS = { mse: 0, 'half-mse': 1, logistic: 2 };

function lossOf(LOSS: number, prediction: Float64Array, target: Float64Array): number {
  const loss = new Float64Array(1);
  lossForward({ prediction, target, loss }, { LOSS });
  return loss[0]!;
}

describe.each(Object.entries(KINDS))('%s', (_, LOSS) => {
  test('backward is the derivative of forward', () => {
    const prediction = Float64Array.of(-4, -0.7, 0.2, 0.9, 3.5);
    const target = Float64Array.of(0, 1, 0, 1, 0.25);
    const gradient = new Float64Array(5);
    lossBackward({ prediction, target, gradient }, { LOSS });
    const expected = finiteDifference((prediction) => lossOf(LOSS, prediction, target), prediction);
    for (const [i, wanted] of expected.entries()) expect(gradient[i]).toBeCloseTo(wanted, 7);
  });

  test.each([NaN, Infinity, -Infinity])('a prediction of %d has a loss that is not finite', (wild) => {
    for (const label of [0, 1]) {
      expect(Number.isFinite(lossOf(LOSS, Float64Array.of(0, wild), Float64Array.of(0, label)))).toBe(false);
    }
  });
});

test('values by hand', () => {
  const prediction = Float64Array.of(3, 0);
  const target = Float64Array.of(1, 1);
  expect(lossOf(KINDS.mse, prediction, target)).toBe(2.5);
  expect(lossOf(KINDS['half-mse'], prediction, target)).toBe(1.25);
  expect(lossOf(KINDS.logistic, prediction, target)).toBeCloseTo(
    (Math.log(1 + Math.exp(-3)) + Math.LN2) / 2,
    14,
  );
  expect(lossOf(KINDS.logistic, Float64Array.of(-1000), Float64Array.of(1))).toBe(1000);
});
