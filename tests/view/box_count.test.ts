import { describe, expect, test } from 'vitest';
import { boxCounts, boxDimension, LEAST_SIDE, type Mask } from '../../src/view/box_count';

function maskOf(side: number, isIn: (x: number, y: number) => boolean): Mask {
  const cells = Uint8Array.from({ length: side * side }, (_, at) =>
    isIn(at % side, Math.floor(at / side)) ? 1 : 0,
  );
  return { width: side, height: side, cells };
}

/** What a walk of straight pieces touches, each from (x, y) to the next, in shares of the side. */
function drawn(side: number, points: readonly (readonly [number, number])[]): Mask {
  const cells = new Uint8Array(side * side);
  for (const [i, [x, y]] of points.slice(1).entries()) {
    const [fromX, fromY] = points[i]!;
    const steps = Math.ceil(2 * side * Math.hypot(x - fromX, y - fromY)) + 1;
    for (let step = 0; step <= steps; step += 1) {
      const share = step / steps;
      const at = [fromX + share * (x - fromX), fromY + share * (y - fromY)].map((place) =>
        Math.min(side - 1, Math.floor(place * side)),
      );
      cells[at[1]! * side + at[0]!] = 1;
    }
  }
  return { width: side, height: side, cells };
}

/** Koch's curve of so many generations, from (0, ¼) to (1, ¼). */
function koch(generations: number): (readonly [number, number])[] {
  let points: (readonly [number, number])[] = [
    [0, 0.25],
    [1, 0.25],
  ];
  for (let generation = 0; generation < generations; generation += 1)
    points = points.flatMap(([x, y], i) => {
      const next = points[i + 1];
      if (!next) return [[x, y] as const];
      const [dx, dy] = [(next[0] - x) / 3, (next[1] - y) / 3];
      const [c, s] = [0.5, Math.sqrt(3) / 2];
      return [
        [x, y],
        [x + dx, y + dy],
        [x + dx + c * dx - s * dy, y + dy + s * dx + c * dy],
        [x + 2 * dx, y + 2 * dy],
      ] as const;
    });
  return points;
}

/** Whether a cell of 3ⁿ a side belongs to Sierpinski's carpet. */
function isInCarpet(x: number, y: number): boolean {
  for (let [across, upwards] = [x, y]; across > 0 || upwards > 0;) {
    if (across % 3 === 1 && upwards % 3 === 1) return false;
    [across, upwards] = [Math.floor(across / 3), Math.floor(upwards / 3)];
  }
  return true;
}

const dimensionOf = (mask: Mask) => boxDimension(boxCounts(mask))!;

describe('sets whose dimension is known', () => {
  test.each<[string, Mask, number, number]>([
    ['a horizontal line', maskOf(128, (_, y) => y === 40), 1, 1e-12],
    ['a diagonal', maskOf(128, (x, y) => x === y), 1, 1e-12],
    [
      'a slanted line',
      drawn(256, [
        [0.03, 0.11],
        [0.97, 0.52],
      ]),
      1,
      0.08,
    ],
    [
      'a circle',
      drawn(
        256,
        Array.from(
          { length: 200 },
          (_, i) => [0.5 + 0.45 * Math.cos(i / 30), 0.5 + 0.45 * Math.sin(i / 30)] as const,
        ),
      ),
      1,
      0.08,
    ],
    ['a filled square', maskOf(128, () => true), 2, 1e-12],
    ['Sierpinski’s carpet', maskOf(243, isInCarpet), Math.log(8) / Math.log(3), 0.08],
    ['Sierpinski’s triangle', maskOf(256, (x, y) => (x & y) === 0), Math.log2(3), 1e-12],
    ['Koch’s curve', drawn(512, koch(6)), Math.log(4) / Math.log(3), 0.08],
  ])('%s', (_, mask, expected, tolerance) => {
    const { slope, error } = dimensionOf(mask);
    expect(Math.abs(slope - expected)).toBeLessThan(tolerance);
    expect(error).toBeLessThan(0.04);
  });
});

test('boxes are counted by sizes that leave four a side, the last ones as far as they reach', () => {
  expect(boxCounts(maskOf(31, () => true))).toEqual([
    { size: 1, boxes: 961 },
    { size: 2, boxes: 256 },
    { size: 4, boxes: 64 },
    { size: 8, boxes: 16 },
  ]);
  const thin = { width: 40, height: 3, cells: new Uint8Array(120).fill(1) };
  expect(boxCounts(thin)).toEqual([{ size: 1, boxes: 120 }]);
});

test('with too few cells, or none in the set, no dimension is told', () => {
  const squares = LEAST_SIDE - 1;
  expect(boxDimension(boxCounts(maskOf(squares, () => true)))).toBeDefined();
  expect(boxDimension(boxCounts(maskOf(squares - 1, () => true)))).toBeUndefined();
  expect(boxDimension(boxCounts(maskOf(64, () => false)))).toBeUndefined();
  expect(boxDimension(boxCounts({ width: 0, height: 0, cells: new Uint8Array() }))).toBeUndefined();
});
