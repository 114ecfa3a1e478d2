import { expect, test } from 'vitest';
import { Crosshair } from '../../../src/ui/map/crosshair';
import type { Pin } from '../../../src/ui/map/pin';
import { newRun } from '../../../src/ui/map/run';
import { baseCell } from '../../../src/view/headline';
import { smallExperiment } from './fake_client';

function crosshair(run = newRun(smallExperiment())) {
  const state: { at: readonly Pin[]; moves: number } = { at: [], moves: 0 };
  const sweep = { run };
  const cross = new Crosshair(
    sweep,
    () => state.at,
    (at) => (state.at = at),
  );
  cross.addEventListener('move', () => (state.moves += 1));
  return { cross, state, sweep };
}

test('stands under the pointer, else where it is pinned, else at the document’s own place', () => {
  const { cross, state, sweep } = crosshair();
  const own = baseCell(sweep.run.experiment);
  expect(cross.cell).toEqual(own);
  cross.toggle({ ix: 3, iy: 2 });
  expect(cross.cell).toEqual({ ix: 3, iy: 2 });
  cross.hover({ ix: 1, iy: 1 });
  cross.hover({ ix: 1, iy: 1 });
  expect([cross.cell, cross.pinned, state.moves]).toEqual([{ ix: 1, iy: 1 }, { ix: 3, iy: 2 }, 2]);
  cross.hover(undefined);
  expect(cross.cell).toEqual({ ix: 3, iy: 2 });
  cross.remove();
  expect([cross.cell, state.at]).toEqual([own, []]);
});

test('is pinned by its values, so that it stays in place on another grid', () => {
  const { cross, sweep } = crosshair();
  cross.toggle({ ix: 3, iy: 0 });
  const { axes, ...rest } = smallExperiment();
  sweep.run = newRun({ ...rest, axes: { ...axes, x: { ...axes.x, count: 31 } } });
  expect(cross.cell).toEqual({ ix: 30, iy: 0 });
});

test('the trials are the cell’s in every arm, and the line goes through what was pinned, whatever the grid', () => {
  const { cross, state } = crosshair();
  state.at = [{ x: 0.5, y: 1.7 }];
  const { ix, iy } = cross.cell;
  expect(cross.trials).toEqual([iy * 4 + ix, 12 + iy * 4 + ix]);
  expect(cross.line).toMatchObject({ along: 'x', across: 1.7 });
  cross.hover({ ix, iy });
  expect(cross.line?.across).not.toBe(1.7);
});

test('without a run there is nothing to show or pin', () => {
  const cross = new Crosshair(
    { run: undefined },
    () => [{ x: 1 }],
    () => expect.unreachable(),
  );
  cross.toggle({ ix: 1, iy: 1 });
  expect([cross.cell, cross.pinned, cross.line, cross.trials]).toEqual([
    { ix: 0, iy: 0 },
    undefined,
    undefined,
    [],
  ]);
});

const cells = (cross: Crosshair) => cross.pins.map(({ number, cell }) => [number, cell?.ix, cell?.iy]);

test('up to four cells are pinned, the last of which moves on; a pinned one that is named again is freed', () => {
  const { cross } = crosshair();
  for (const ix of [0, 1, 2, 3]) cross.toggle({ ix, iy: 0 });
  cross.toggle({ ix: 3, iy: 2 });
  expect(cells(cross)).toEqual([
    [1, 0, 0],
    [2, 1, 0],
    [3, 2, 0],
    [4, 3, 2],
  ]);
  cross.toggle({ ix: 1, iy: 0 });
  cross.remove();
  expect(cells(cross)).toEqual([
    [1, 0, 0],
    [2, 2, 0],
  ]);
});

test('keys move the latest pin, or a new one from where it was set; to set it again frees it', () => {
  const { cross } = crosshair();
  cross.move({ ix: 1, iy: 1 });
  cross.move({ ix: 2, iy: 1 });
  expect(cells(cross)).toEqual([[1, 2, 1]]);
  cross.set();
  cross.move({ ix: 3, iy: 1 });
  expect(cells(cross)).toEqual([
    [1, 2, 1],
    [2, 3, 1],
  ]);
  cross.set();
  cross.set();
  expect(cells(cross)).toEqual([[1, 2, 1]]);
  cross.move({ ix: 2, iy: 2 });
  expect(cells(cross)).toHaveLength(2);
  cross.move({ ix: 2, iy: 1 });
  expect(cells(cross)).toEqual([[1, 2, 1]]);
});

test('a pin beside the part of the maps that is shown is kept, and has no cell', () => {
  const { cross, state, sweep } = crosshair();
  state.at = [
    { x: 5, y: 1.7 },
    { x: 1e-4, y: 1 },
  ];
  expect(cross.pins.every(({ cell }) => cell)).toBe(true);
  const { axes, ...rest } = smallExperiment();
  sweep.run = newRun({ ...rest, axes: { ...axes, x: { ...axes.x, zoom: { level: 1, first: 3 } } } });
  expect(cross.pins.map(({ cell }) => cell === undefined)).toEqual([false, true]);
  expect(cross.cell).toEqual(baseCell(sweep.run.experiment));
});

test('deep in a map neighbouring cells have pins of their own', () => {
  const { cross, state, sweep } = crosshair();
  const { axes, ...rest } = smallExperiment();
  sweep.run = newRun({ ...rest, axes: { ...axes, x: { ...axes.x, zoom: { level: 30, first: 2 ** 30 } } } });
  for (const ix of [0, 1, 2, 3]) cross.toggle({ ix, iy: 0 });
  const link = state.at.map(({ x }) => Number(String(x)));
  expect(new Set(link).size).toBe(4);
  expect(cells(cross).map(([, ix]) => ix)).toEqual([0, 1, 2, 3]);
});
