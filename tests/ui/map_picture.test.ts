import { describe, expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import { cellWords } from '../../src/ui/cell_words';
import { differenceOf } from '../../src/ui/difference';
import { withSide } from '../../src/ui/grid_choice';
import { finishedShare, mapColours, paintArm, paintDifference } from '../../src/ui/map_picture';
import { PALETTES } from '../../src/ui/palettes';
import { representative } from '../../src/ui/representative';
import { emptyResults, result } from './map_results';

const experiment = withSide(presetExperiment('init-gain'), 4);
const colours = mapColours(PALETTES[0]);
const range = { poor: 0, good: -2 };

function painted(results: ReturnType<typeof emptyResults>, arm = 0): Uint32Array {
  const pixels = new Uint32Array(16);
  expect([...paintArm(pixels, results, arm, colours, range)], 'a turn a row').toHaveLength(4);
  return pixels;
}

describe('one arm', () => {
  test('is transparent where nothing is known', () => {
    expect(painted(emptyResults(experiment))).toEqual(new Uint32Array(16));
  });

  test('has its first row at the bottom, and a cell stands for its block until others are known', () => {
    const results = emptyResults(experiment);
    results.table.set(result(0, 'stalled'));
    results.table.set(result(2, 'diverged', 1));
    const { stalled, diverged } = colours;
    const early = diverged[0]!;
    // Cell 2 stands for its block of two by two; the others belong to the block of four.
    const upper = [stalled, stalled, stalled, stalled];
    const lower = [stalled, stalled, early, early];
    expect([...painted(results)]).toEqual([...upper, ...upper, ...lower, ...lower]);
  });

  test('takes no block that the coarsest picture did not mean', () => {
    const results = { ...emptyResults(experiment), coarsest: 1 };
    results.table.set(result(0, 'stalled'));
    expect([...painted(results)].filter(Boolean)).toHaveLength(1);
  });

  test('shades converged trials by their mean loss, on a log scale, and clips', () => {
    const results = emptyResults(experiment);
    const { steps } = results;
    for (const [trial, mean] of [10, 1, 0.1, 0.01, 1e-5].entries())
      results.table.set(result(trial, 'converged', -mean * steps));
    const pixels = painted(results);
    const { converged } = colours;
    expect([...pixels.subarray(12)]).toEqual([converged[0], converged[0], converged[64], converged[127]]);
    expect(pixels[8]).toBe(converged[127]);
  });

  test('shades diverged trials by how long they lasted', () => {
    const results = emptyResults(experiment);
    results.table.set(result(0, 'diverged', 1));
    results.table.set(result(1, 'diverged', results.steps + 1));
    const pixels = painted(results);
    expect([pixels[12], pixels[13]]).toEqual([colours.diverged[0], colours.diverged.at(-1)]);
  });

  test('shows a trial that still trains by its losses so far', () => {
    const results = emptyResults(experiment);
    results.table.set(result(0, 'training', -results.steps));
    results.table.set(result(1, 'training', results.steps));
    const pixels = painted(results);
    expect([pixels[12], pixels[13]]).toEqual([colours.converged[0], colours.stalled]);
  });
});

test('the difference map needs both outcomes', () => {
  const results = emptyResults(experiment);
  const { table, grid } = results;
  const pairs = [
    ['diverged', 'converged', 'rescued'],
    ['converged', 'stalled', 'broken'],
    ['converged', 'converged', 'both'],
    ['stalled', 'diverged', 'neither'],
  ] as const;
  for (const [ix, [first, second, difference]] of pairs.entries()) {
    table.set(result(ix, first));
    expect(differenceOf(table, grid, ix, 0)).toBeUndefined();
    table.set(result(ix + 16, 'training'));
    expect(differenceOf(table, grid, ix, 0)).toBeUndefined();
    table.set(result(ix + 16, second));
    expect(differenceOf(table, grid, ix, 0)).toBe(difference);
  }
  const pixels = new Uint32Array(16);
  expect([...paintDifference(pixels, results)], 'a turn a row').toHaveLength(4);
  expect(new Set(pixels.subarray(12)).size).toBe(4);
});

test('the share of finished trials counts an arm’s own', () => {
  const results = emptyResults(experiment);
  results.table.set(result(16, 'converged'));
  results.table.set(result(17, 'training'));
  expect([finishedShare(results, 0), finishedShare(results, 1)]).toEqual([0, 1 / 16]);
});

test('the median outcome of its replicates stands for a cell', () => {
  const results = emptyResults({ ...experiment, replicates: 3 });
  const { table, grid } = results;
  expect(representative(table, grid, 0, 1, 0)).toBeUndefined();
  table.set(result(17, 'training'));
  expect(representative(table, grid, 0, 1, 0)).toBe(17);
  table.set(result(1, 'diverged'));
  expect(representative(table, grid, 0, 1, 0)).toBe(1);
  table.set(result(33, 'converged'));
  table.set(result(17, 'stalled'));
  expect(representative(table, grid, 0, 1, 0)).toBe(17);
});

test('a cell reads out its place and both outcomes', () => {
  const results = emptyResults(experiment);
  results.table.set(result(0, 'diverged'));
  expect(cellWords(experiment, results, { ix: 0, iy: 0 })).toBe(
    'learning rate η = 1e−4, initial gain = 0.5; without batch norm: diverged at step 7; with batch norm: waiting',
  );
});
