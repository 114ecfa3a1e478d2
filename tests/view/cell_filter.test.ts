import { expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import type { Experiment } from '../../src/experiment/types';
import { countCells, dimmed, isShown } from '../../src/view/cell_filter';
import { trialResult } from '../trial_results';
import { emptyResults } from './map_results';

const preset = presetExperiment('init-gain');
const experiment: Experiment = {
  ...preset,
  axes: { x: { ...preset.axes.x, count: 3 }, y: { ...preset.axes.y!, count: 2 } },
};

/** Of each arm the first row: converged, diverged, not finished; the second arm's are all converged. */
function results() {
  const made = emptyResults(experiment);
  made.table.set(trialResult({ trial: 0 }));
  made.table.set(trialResult({ trial: 1, class: 'diverged' }));
  for (const trial of [6, 7, 8]) made.table.set(trialResult({ trial }));
  return made;
}

const row = [0, 1, 2].map((ix) => ({ ix, iy: 0 }));

test('cells are counted by the states of an arm', () => {
  const { table, grid } = results();
  expect(countCells(table, grid, 0, row)).toMatchObject({
    converged: 1,
    diverged: 1,
    unfinished: 1,
    dead: 0,
  });
  expect(countCells(table, grid, 1, row.slice(1))).toMatchObject({ converged: 2, unfinished: 0 });
});

test('what has not finished is shown', () => {
  expect([isShown(['dead'], undefined), isShown(['dead'], 'dead'), isShown(['dead'], 'slow')]).toEqual([
    true,
    false,
    true,
  ]);
});

/** Which pixels of a map that is all white are dimmed, from its first row. */
function dims(arms: number[], selected: number[] | undefined, hidden: 'diverged'[]): boolean[] {
  const made = results();
  const canvas = { pixels: new Uint32Array(6).fill(0xffffffff), unfinished: new Uint32Array(6) };
  const looked = { selected: selected && new Set(selected), hidden };
  const turns = [...dimmed([undefined, undefined].values(), canvas, made, arms, looked)];
  expect(turns).toHaveLength(2);
  const dim = Array.from(canvas.pixels, (pixel) => pixel !== 0xffffffff);
  return [...dim.slice(3), ...dim.slice(0, 3)];
}

test('a map dims what is not selected, and what has a state that is hidden', () => {
  expect(dims([0], [1, 4], [])).toEqual([true, false, true, true, false, true]);
  expect(dims([0], undefined, ['diverged'])).toEqual([false, true, false, false, false, false]);
  expect(dims([0, 1], undefined, ['diverged'])).toEqual([0, 1, 2, 3, 4, 5].map(() => false));
  expect(dims([0], [1], ['diverged'])).toEqual([0, 1, 2, 3, 4, 5].map(() => true));
});
