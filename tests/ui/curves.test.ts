import { expect, test } from 'vitest';
import { curveData } from '../../src/ui/curves';

test('curves of different lengths share their steps, and what a log scale cannot show is a gap', () => {
  expect(curveData([[3, 2, 1], [5, Infinity], [0]])).toEqual([
    [0, 1, 2],
    [3, 2, 1],
    [5, null, null],
    [null, null, null],
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
