import { expect, test } from 'vitest';
import { drawMap } from '../../src/cli/map';
import { encodePng } from '../../src/cli/png';
import { ResultTable, type TrialResult } from '../../src/scheduler/results';
import { trialResult } from '../trial_results';
import { decodePng, pixel } from './decode_png';

function table(trials: readonly Pick<TrialResult, 'class' | 'score'>[]): ResultTable {
  const results = new ResultTable(trials.length);
  for (const [trial, { class: name, score }] of trials.entries())
    results.set(trialResult({ trial, class: name, score }));
  return results;
}

const GREY = [150, 150, 150];
const [DARK_BLUE, PALE_BLUE] = [
  [8, 48, 107],
  [198, 219, 239],
];
const [DARK_RED, PALE_RED] = [
  [103, 0, 13],
  [253, 208, 162],
];

test('a picture comes back from its file', () => {
  const rgb = Uint8Array.from({ length: 5 * 7 * 3 }, (_, i) => (i * 37) % 256);
  expect(decodePng(encodePng({ width: 5, height: 7, rgb }))).toEqual({ width: 5, height: 7, rgb });
});

test('panels side by side, iy = 0 at the bottom, paler towards the boundary', () => {
  // Two arms of 3 × 2 cells.
  const results = table([
    { class: 'converged', score: -1 },
    { class: 'converged', score: -50 },
    { class: 'stalled', score: 3 },
    { class: 'diverged', score: 90 },
    { class: 'diverged', score: 0.5 },
    { class: 'stalled', score: 7 },
    ...Array.from({ length: 6 }, () => ({ class: 'stalled' as const, score: 1 })),
  ]);
  const map = decodePng(
    encodePng(drawMap({ arms: 2, replicates: 1, nx: 3, ny: 2, cells: 6, trials: 12 }, results)),
  );
  expect([map.width, map.height]).toEqual([3 * 86 * 2 + 16, 2 * 128]);
  const cell = (ix: number, iy: number) => pixel(map, ix * 86 + 43, map.height - 1 - iy * 128 - 64);
  expect([cell(0, 0), cell(1, 0), cell(2, 0)]).toEqual([DARK_BLUE, PALE_BLUE, GREY]);
  expect([cell(0, 1), cell(1, 1), cell(2, 1)]).toEqual([PALE_RED, DARK_RED, GREY]);
  expect(pixel(map, 3 * 86 + 8, 10)).toEqual([255, 255, 255]);
  expect(pixel(map, 3 * 86 + 16, 0)).toEqual(GREY);
  expect(pixel(map, map.width - 1, map.height - 1)).toEqual(GREY);
});

test('a cell is the mean of its replicates; one row fills the panel; a large map is not enlarged', () => {
  const replicates = table([
    { class: 'stalled', score: 1 },
    { class: 'converged', score: -1 },
  ]);
  const one = drawMap({ arms: 1, replicates: 2, nx: 1, ny: 1, cells: 1, trials: 2 }, replicates);
  expect([one.width, one.height]).toEqual([256, 256]);
  expect(pixel(one, 255, 0)).toEqual(GREY.map((grey, i) => Math.round((grey + PALE_BLUE![i]!) / 2)));

  const line = table(Array.from({ length: 300 }, () => ({ class: 'stalled' as const, score: 1 })));
  const wide = drawMap({ arms: 1, replicates: 1, nx: 300, ny: 1, cells: 300, trials: 300 }, line);
  expect([wide.width, wide.height]).toEqual([300, 256]);
});

test('the dead are black, whatever their class', () => {
  const results = new ResultTable(2);
  results.set(trialResult({ trial: 0, class: 'converged', state: 'dead' }));
  results.set(trialResult({ trial: 1, class: 'converged' }));
  const map = drawMap({ arms: 1, replicates: 1, nx: 2, ny: 1, cells: 2, trials: 2 }, results);
  expect([pixel(map, 0, 0), pixel(map, 255, 0)]).toEqual([[24, 12, 20], PALE_BLUE]);
});
