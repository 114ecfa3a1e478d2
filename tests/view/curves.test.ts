import { expect, test } from 'vitest';
import { curveData, drawing, median, medianColumn, timedData } from '../../src/view/curves';

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

test('a curve is drawn over whole ends', () => {
  const { range, ends, zero, infinite, curves, marks } = drawing(curveData([[30, 2, 0.5]]));
  expect([range, ends, zero, infinite, marks]).toEqual([[-1, 2], [-1, 2], undefined, undefined, [[]]]);
  expect(curves[0]).toEqual([30, 2, 0.5].map(Math.log10));
});

test('0 has a place below all ends, and what is not finite above them, each marked where a curve comes to it', () => {
  const { range, ends, zero, infinite, curves, marks } = drawing(
    curveData([
      [1, 0, 0, 0.1, 0],
      [10, 1000, Infinity],
      [10, Number.NaN, Number.NaN],
      [1, 1, 1, 1, 1],
    ]),
  );
  expect(ends).toEqual([-1, 3]);
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
  const { ends, range, curves } = drawing(curveData([values]));
  expect(ends).toEqual(expected);
  for (const log of curves[0]!) {
    expect(log).toBeGreaterThanOrEqual(range[0]);
    expect(log).toBeLessThanOrEqual(range[1]);
  }
});

test('over η·t curves of different learning rates lie at their own times, without step 0', () => {
  const [across, slow, fast] = timedData(
    [
      { values: [9, 8, 4, 2], rate: 0.1 },
      { values: [9, 1, 0.1], rate: 10 },
    ],
    'rate',
  );
  const at = (curve: (number | null)[], place: number) =>
    curve[across.findIndex((value) => Math.abs(value - place) < 1e-9)];
  expect([across[0], across.at(-1)]).toEqual([expect.closeTo(0.1), 20]);
  expect([at(slow!, 0.1), at(slow!, 0.1 * 3)]).toEqual([8, 2]);
  expect([at(fast!, 0.1), at(fast!, 10), at(fast!, 20), at(slow!, 20)]).toEqual([null, 1, 0.1, null]);
  // Straight on both logarithmic scales.
  const between = across.findIndex((value) => value > 0.13 && value < 0.15);
  const share = Math.log(across[between]! / 0.1) / Math.log(2);
  expect(slow![between]).toBeCloseTo(8 * 0.5 ** share);
});

test('a curve that has some steps only is drawn among others, and one that never moves is left out', () => {
  expect(
    timedData(
      [
        { values: [1, 100], steps: [0, 2], rate: 1 },
        { values: [1, 2, 3, 4], steps: [0, 1, 2, 3], rate: 1 },
      ],
      'steps',
    ),
  ).toEqual([
    [0, 1, 2, 3],
    [1, expect.closeTo(10), 100, null],
    [1, 2, 3, 4],
  ]);
  expect(timedData([{ values: [1, 2], rate: 0 }], 'rate')).toEqual([[], []]);
  expect(timedData([], 'rate')).toEqual([[]]);
  expect(timedData([{ values: [3, 2], rate: 1 }], 'steps')).toEqual(curveData([[3, 2]]));
});

test('the median counts what ended early above all else, and nothing where few go on', () => {
  const columns = [
    [1, 1, 1, 1],
    [2, 2, 2, null],
    [3, 9, null, null],
  ];
  expect(medianColumn(columns, [false, false, true])).toEqual(
    [2, 2, 2, Infinity].map((v, i) => (i === 3 ? 1 : v)),
  );
  expect(medianColumn(columns, [false, true, true])).toEqual([2, 2, 2, Infinity]);
  expect(medianColumn(columns, [false, false, false])).toEqual([2, 2, 1, null]);
  expect(medianColumn([], [])).toEqual([]);
  expect(median([3, Infinity, 1])).toBe(3);
  expect(median([])).toBeNaN();
});
