import { expect, test } from 'vitest';
import { shareOf } from '../../src/view/colouring';
import { histogram, movedEnd, sliderSpan } from '../../src/view/range_slider';

test('a slider spans the numbers and the range, with room beyond, the way that the range runs', () => {
  const numbers = Float64Array.of(0.001, 0.01, 1);
  const [from, to] = sliderSpan('log', [10, 0.1], numbers);
  expect(from).toBeGreaterThan(10);
  expect(to).toBeLessThan(0.001);
  expect(to).toBeGreaterThan(0);
  const [low, high] = sliderSpan('linear', [0, 1], Float64Array.of());
  expect([low, high]).toEqual([expect.closeTo(-0.05, 12), expect.closeTo(1.05, 12)]);
  expect(sliderSpan('log', [5e-324, 1e308], numbers)).toEqual([5e-324, 1e308]);
});

test.each(['linear', 'log'] as const)(
  'an end goes where it is put, but never past the other (%s)',
  (scale) => {
    const span = [1, 16] as const;
    const range = [2, 8] as const;
    const [from] = movedEnd(scale, range, span, 0, 0.25);
    expect(shareOf(scale, span, from)).toBeCloseTo(0.25, 12);
    expect(movedEnd(scale, range, span, 0, -3)).toEqual([1, 8]);
    expect(movedEnd(scale, range, span, 0, 3)[0]).toBeLessThan(8);
    const [first, last] = movedEnd(scale, range, span, 1, -3);
    expect(first).toBe(2);
    expect(last).toBeGreaterThan(2);
    expect(movedEnd(scale, range, span, 1, 3)[1]).toBeCloseTo(16, 12);
  },
);

test('a histogram counts what lies on the slider', () => {
  const numbers = Float64Array.of(-1, 0, 0.1, 0.2, 0.6, 1, 9);
  expect(histogram('linear', [0, 1], numbers, 2)).toEqual([1, 1 / 3]);
  expect(histogram('linear', [0, 1], Float64Array.of(), 2)).toEqual([0, 0]);
});
