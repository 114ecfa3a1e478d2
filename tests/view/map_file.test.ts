import { expect, test } from 'vitest';
import { gridOf, type Grid } from '../../src/experiment/axes';
import { parseExperiment } from '../../src/experiment/parse';
import type { Experiment } from '../../src/experiment/types';
import { drawMap, type MapStyle } from '../../src/view/map_file';
import { heldIn } from '../../src/view/outcomes';
import { batchOf, ResultTable, type TrialResult } from '../../src/scheduler/results';
import { TrialSource } from '../../src/scheduler/trial_source';
import { CellCounts } from '../../src/view/cell_counts';
import { ColourScale } from '../../src/view/colour_scale';
import { mapColours, paintArm } from '../../src/view/map_picture';
import { DIFFERENCE_COLOURS, PALETTES, rampColours } from '../../src/view/palettes';
import { Shading } from '../../src/view/shading';
import { mulberry32 } from '../mulberry32';
import { trialResult } from '../trial_results';
import { smallDocument } from '../cli/commands';
import { decodePng, pixel, pngFile, type Pixels } from '../decode_png';

const STEPS = 100;
const stepsOf = () => STEPS;

function experimentOf(arms: number, replicates: number, nx: number, ny: number): Experiment {
  const names = Array.from({ length: arms }, (_, arm) => ({ name: `${arm}`, set: {} }));
  return parseExperiment({ ...smallDocument(nx, ny, STEPS), replicates, arms: names });
}

/** Outcomes of every kind, at random. */
function randomOutcomes({ trials }: Grid): TrialResult[] {
  const random = mulberry32(1);
  const kinds = [
    () => ({ class: 'converged' as const, score: -STEPS * 10 ** (-4 * random()) }),
    () => ({ class: 'converged' as const, state: 'already' as const }),
    () => ({ class: 'converged' as const, state: 'dead' as const }),
    () => ({ class: 'stalled' as const, lossFinal: 2 * random() }),
    () => ({ class: 'stalled' as const, state: 'slow' as const, lossFinal: random() }),
    () => ({ class: 'diverged' as const, divergedAt: Math.floor(STEPS * random()) }),
    () => ({ class: 'diverged' as const, divergedAt: -1, score: Math.floor(STEPS * random()) }),
  ];
  return Array.from({ length: trials }, (_, trial) =>
    trialResult({ trial, ...kinds[Math.floor(kinds.length * random())]!() }),
  );
}

/** The map of a table, as it comes back from a file. */
function mapOf(experiment: Experiment, table: ResultTable, style?: MapStyle): Pixels {
  return decodePng(pngFile(drawMap(heldIn(table, new TrialSource(experiment)), style)));
}

test('panels side by side have the colours of the page’s canvases, cell by cell', () => {
  const experiment = experimentOf(2, 3, 9, 6);
  const grid = gridOf(experiment);
  const outcomes = randomOutcomes(grid);
  const table = new ResultTable(grid.trials);
  table.enter(batchOf(outcomes));
  const map = mapOf(experiment, table);
  const [side, high] = [29, 43]; // pixels of a cell
  expect([map.width, map.height]).toEqual([2 * 9 * side + 16, 6 * high]);

  // The page gets its outcomes in batches, in any order, and has other trials still in training meanwhile.
  const shown = new ResultTable(grid.trials);
  const page = { table: shown, grid, stepsOf, counts: new CellCounts(shown, grid), coarsest: 4 };
  const scale = new ColourScale();
  for (const outcome of outcomes.toReversed())
    for (const now of [{ ...outcome, class: 'training' as const }, outcome]) {
      const batch = batchOf([now]);
      page.counts.enter(batch);
      scale.enter(page, batch.trial);
    }
  const shading = new Shading(page, { colouring: 'outcome', range: undefined, equalize: false }, scale.ends);
  const seen = new Set<number>();
  for (const arm of [0, 1]) {
    const canvas = { pixels: new Uint32Array(54), unfinished: new Uint32Array(54) };
    expect([...paintArm(canvas, page, arm, mapColours(PALETTES[0]), shading)]).toHaveLength(6);
    for (const [at, colour] of canvas.pixels.entries()) {
      seen.add(colour);
      const [left, top] = [arm * (9 * side + 16) + (at % 9) * side, Math.floor(at / 9) * high];
      const own = [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
      for (const [x, y] of [
        [0, 0],
        [side - 1, 0],
        [14, 20],
        [0, high - 1],
        [side - 1, high - 1],
      ] as const)
        expect(pixel(map, left + x, top + y)).toEqual(own);
    }
  }
  expect(seen.size, 'colours').toBeGreaterThan(12);
  expect(pixel(map, 9 * side + 8, 10), 'between the panels').toEqual([255, 255, 255]);
});

test('one cell fills the panel; a large map is not enlarged', () => {
  const draw = (experiment: Experiment) => {
    const grid = gridOf(experiment);
    const table = new ResultTable(grid.trials);
    table.enter(batchOf(randomOutcomes(grid)));
    return mapOf(experiment, table);
  };
  const one = draw(experimentOf(1, 2, 1, 1));
  expect([one.width, one.height]).toEqual([256, 256]);
  expect(pixel(one, 255, 0)).toEqual(pixel(one, 0, 255));
  const wide = draw(experimentOf(1, 1, 300, 1));
  expect([wide.width, wide.height]).toEqual([300, 256]);
});

test('what has not finished is white; the panel of differences is asked for', () => {
  const experiment = experimentOf(2, 1, 2, 1);
  const table = new ResultTable(gridOf(experiment).trials);
  for (const trial of [0, 3]) table.set(trialResult({ trial, class: 'training' }));
  for (const trial of [1, 2]) table.set(trialResult({ trial, class: 'diverged' }));
  const map = mapOf(experiment, table, { difference: true });
  expect(map.width).toBe(3 * 256 + 2 * 16);
  const white = [0, 1].map((arm) => [0, 1].map((ix) => pixel(map, arm * 272 + ix * 128, 9).join()));
  expect(white.map((cells) => cells.map((colour) => colour === '255,255,255'))).toEqual([
    [true, false],
    [false, true],
  ]);
  expect(pixel(map, 2 * 272, 9), 'difference').toEqual([255, 255, 255]);

  table.set(trialResult({ trial: 3 }));
  const finished = mapOf(experiment, table, { difference: true });
  expect(pixel(finished, 2 * 272 + 128, 9)).toEqual([...DIFFERENCE_COLOURS.rescued]);
  expect(mapOf(experiment, table).width).toBe(2 * 256 + 16);
});

test('the colours are those of the palette and the column that are chosen', () => {
  const experiment = experimentOf(1, 1, 2, 1);
  const table = new ResultTable(gridOf(experiment).trials);
  for (const trial of [0, 1]) table.set(trialResult({ trial, saturation: trial }));
  const [, palette] = PALETTES;
  const map = mapOf(experiment, table, { palette: palette!, colouring: 'saturation' });
  const ramp = rampColours(palette!.amount);
  expect([pixel(map, 0, 0), pixel(map, 255, 0)]).toEqual([[...ramp[0]!], [...ramp.at(-1)!]]);
});
