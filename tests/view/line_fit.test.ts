import { expect, test } from 'vitest';
import { fitLine } from '../../src/view/line_fit';

test('a line through points on a line is that line', () => {
  expect(
    fitLine([
      [0, 1],
      [1, 3],
      [3, 7],
    ]),
  ).toEqual({
    slope: expect.closeTo(2, 12),
    intercept: expect.closeTo(1, 12),
    error: expect.closeTo(0, 7),
  });
});

test('the standard error is that of ordinary least squares', () => {
  // s² = Σ residual²/(n − 2) = 0.043/3, and Σ(x − x̄)² = 10.
  const { slope, intercept, error } = fitLine([
    [0, 0.1],
    [1, 1.9],
    [2, 4.1],
    [3, 6],
    [4, 7.8],
  ]);
  expect([slope, intercept]).toEqual([expect.closeTo(1.95, 12), expect.closeTo(0.08, 12)]);
  expect(error).toBeCloseTo(Math.sqrt(0.043 / 3 / 10), 12);
});
