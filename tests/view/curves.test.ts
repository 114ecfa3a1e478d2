import { expect, test } from 'vitest';
import { curveData, drawing } from '../../src/view/curves';

test('curves of different lengths share their steps', () => {
  expect(curveData([[3, 2, 1], [5, Infinity], [0]])).toEqual([
    [0, 1, 2],
    [3, 2, 1],
    [5, Infinity, null],
    [0, null, null],
  ]);
  expect(curveData([])).toEqual([[]]);
});

test('long curves are thinned, but keep their last steps', () => {
  const [steps, long, short] = curveData([new Float64Array(100_000).fill(1), new Float64Array(777).fill(2)]);
  expect(steps.length).toBeLessThan(2100);
  expect(steps.at(-1)).toBe(99_999);
  expect(steps).toContain(776);
  expect(long!.every((value) => value === 1)).toBe(true);
  expect(short!.filter((value) => value === 2).length).toBe(steps.filter((step) => step < 777).length);
});

test('a curve is drawn over whole decades', () => {
  const { range, decades, zero, infinite, curves, marks } = drawing(curveData([[30, 2, 0.5]]));
  expect([range, decades, zero, infinite, marks]).toEqual([[-1, 2], [-1, 2], undefined, undefined, [[]]]);
  expect(curves[0]).toEqual([30, 2, 0.5].map(Math.log10));
});

test('0 has a place below all decades, and what is not finite above them, each marked where a curve comes to it', () => {
  const { range, decades, zero, infinite, curves, marks } = drawing(
    curveData([
      [1, 0, 0, 0.1, 0],
      [10, 1000, Infinity],
      [10, Number.NaN, Number.NaN],
      [1, 1, 1, 1, 1],
    ]),
  );
  expect(decades).toEqual([-1, 3]);
  expect([range[0] < zero!, zero! < -1, infinite! > 3, range[1] > infinite!]).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(curves[0]).toEqual([0, zero, zero, -1, zero]);
  expect(curves[1]).toEqual([1, 3, infinite, null, null]);
  expect(curves[2]).toEqual([1, infinite, infinite, null, null]);
  expect(marks).toEqual([[1, 4], [2], [1], []]);
});

test.each([
  [
    [1e-45, 1e300],
    [-45, 300],
  ],
  [
    [5e-324, 1],
    [-320, 0],
  ],
  [
    [1, 1],
    [0, 1],
  ],
  [
    [0, 0],
    [-1, 1],
  ],
  [[Infinity], [-1, 1]],
])('every range can be drawn: %j', (values, expected) => {
  const { decades, range, curves } = drawing(curveData([values]));
  expect(decades).toEqual(expected);
  for (const log of curves[0]!) {
    expect(log).toBeGreaterThanOrEqual(range[0]);
    expect(log).toBeLessThanOrEqual(range[1]);
  }
});
