import { expect, test } from 'vitest';
import { Crosshair } from '../../../src/ui/map/crosshair';
import type { Pin } from '../../../src/ui/map/pin';
import { newRun } from '../../../src/ui/map/run';
import { baseCell } from '../../../src/view/headline';
import { smallExperiment } from './fake_client';

function crosshair(run = newRun(smallExperiment())) {
  const state: { at: Pin | undefined; moves: number } = { at: undefined, moves: 0 };
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
  cross.pin({ ix: 3, iy: 2 });
  expect(cross.cell).toEqual({ ix: 3, iy: 2 });
  cross.hover({ ix: 1, iy: 1 });
  cross.hover({ ix: 1, iy: 1 });
  expect([cross.cell, cross.pinned, state.moves]).toEqual([{ ix: 1, iy: 1 }, { ix: 3, iy: 2 }, 2]);
  cross.hover(undefined);
  expect(cross.cell).toEqual({ ix: 3, iy: 2 });
  cross.pin(undefined);
  expect([cross.cell, state.at]).toEqual([own, undefined]);
});

test('is pinned by its values, so that it stays in place on another grid', () => {
  const { cross, sweep } = crosshair();
  cross.pin({ ix: 3, iy: 0 });
  const { axes, ...rest } = smallExperiment();
  sweep.run = newRun({ ...rest, axes: { ...axes, x: { ...axes.x, count: 31 } } });
  expect(cross.cell).toEqual({ ix: 30, iy: 0 });
});

test('the trials are the cell’s in every arm, and the line goes through what was pinned, whatever the grid', () => {
  const { cross, state } = crosshair();
  state.at = { x: 0.5, y: 1.7 };
  const { ix, iy } = cross.cell;
  expect(cross.trials).toEqual([iy * 4 + ix, 12 + iy * 4 + ix]);
  expect(cross.line).toMatchObject({ along: 'x', across: 1.7 });
  cross.hover({ ix, iy });
  expect(cross.line?.across).not.toBe(1.7);
});

test('without a run there is nothing to show or pin', () => {
  const cross = new Crosshair(
    { run: undefined },
    () => ({ x: 1 }),
    () => expect.unreachable(),
  );
  cross.pin({ ix: 1, iy: 1 });
  expect([cross.cell, cross.pinned, cross.line, cross.trials]).toEqual([
    { ix: 0, iy: 0 },
    undefined,
    undefined,
    [],
  ]);
});
