import { expect, test } from 'vitest';
import type { Experiment } from '../../src/experiment/types';
import { boxOf, cellsWithin, cornersOf, outlineOf, simplified } from '../../src/view/lasso';
import type { Place } from '../../src/view/place';

const axes: Experiment['axes'] = {
  x: { parameter: 'optimizer.learningRate', scale: 'log', from: 1e-3, to: 1, count: 4 },
  y: { parameter: 'model.initialization.gain', scale: 'linear', from: 1, to: 3, count: 3 },
};
const { x } = axes;

test('a box between two cells holds both and all between, whichever comes first', () => {
  const [a, b] = [
    { ix: 1, iy: 2 },
    { ix: 2, iy: 1 },
  ];
  const cells = [
    { ix: 1, iy: 1 },
    { ix: 2, iy: 1 },
    { ix: 1, iy: 2 },
    { ix: 2, iy: 2 },
  ];
  expect(cellsWithin(axes, cornersOf(axes, boxOf(axes, a, b)))).toEqual(cells);
  expect(cellsWithin(axes, cornersOf(axes, boxOf(axes, b, a)))).toEqual(cells);
  const one = cornersOf(axes, boxOf(axes, a, a));
  expect(cellsWithin(axes, one)).toEqual([a]);
  const finer = { x: { ...x, count: 7 }, y: { ...axes.y!, count: 5 } };
  expect(cellsWithin(finer, one)).toContainEqual({ ix: 2, iy: 4 });
});

test('corners are values of the axes, and come back to their places', () => {
  const places: Place[] = [
    { x: 0.125, y: 0.5 },
    { x: 0.875, y: 0.5 },
    { x: 0.5, y: 1 },
  ];
  const corners = cornersOf(axes, places);
  expect(corners[0]!.x).toBeCloseTo(1e-3, 9);
  expect(corners[1]).toEqual({ x: expect.closeTo(1), y: expect.closeTo(2) });
  expect(corners[2]!.y).toBeCloseTo(3.5); // the outer edge of the last cells
  for (const [i, { x, y }] of outlineOf(axes, corners).entries()) {
    expect(x).toBeCloseTo(places[i]!.x);
    expect(y).toBeCloseTo(places[i]!.y);
  }
});

test('a lasso holds the cells whose middles are inside, however it winds', () => {
  const triangle: Place[] = [
    { x: 0, y: 0 },
    { x: 1, y: 0 },
    { x: 0, y: 1 },
  ];
  const inside = [0, 1, 2].flatMap((iy) =>
    [0, 1, 2, 3].map((ix) => ({ ix, iy })).filter(({ ix, iy }) => (ix + 0.5) / 4 + (iy + 0.5) / 3 < 1),
  );
  expect(inside).toHaveLength(6);
  expect(cellsWithin(axes, cornersOf(axes, triangle))).toEqual(inside);
  expect(cellsWithin(axes, cornersOf(axes, triangle.toReversed()))).toEqual(inside);
});

test('where there is one axis, or one point on it, the outline is as high as the map', () => {
  const line = { x };
  const corners = cornersOf(line, boxOf(line, { ix: 1, iy: 0 }, { ix: 2, iy: 0 }));
  expect(corners.every(({ y }) => y === undefined)).toBe(true);
  expect(cellsWithin(line, corners).map(({ ix }) => ix)).toEqual([1, 2]);
  const flat = { x, y: { ...axes.y!, count: 1 } };
  expect(cellsWithin(flat, cornersOf(flat, boxOf(flat, { ix: 3, iy: 0 }, { ix: 3, iy: 0 })))).toEqual([
    { ix: 3, iy: 0 },
  ]);
});

test('an outline keeps the corners that matter', () => {
  const square = Array.from({ length: 400 }, (_, i): Place => {
    const [side, along] = [Math.floor(i / 100), (i % 100) / 100];
    return [
      { x: along, y: 0 },
      { x: 1, y: along },
      { x: 1 - along, y: 1 },
      { x: 0, y: 1 - along },
    ][side]!;
  });
  const kept = simplified(square, 4);
  expect(new Set(kept.map(({ x, y }) => `${x},${y}`))).toEqual(new Set(['0,0', '1,0', '1,1', '0,1']));
});
