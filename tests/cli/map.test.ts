import { expect, test } from 'vitest';
import { drawMap } from '../../src/cli/map';
import { encodePng } from '../../src/cli/png';
import type { Grid } from '../../src/experiment/axes';
import { batchOf, ResultTable, type TrialResult } from '../../src/scheduler/results';
import { CellCounts } from '../../src/view/cell_counts';
import { ColourScale } from '../../src/view/colour_scale';
import { mapColours, paintArm } from '../../src/view/map_picture';
import { PALETTES } from '../../src/view/palettes';
import { mulberry32 } from '../mulberry32';
import { trialResult } from '../trial_results';
import { decodePng, pixel } from './decode_png';

const STEPS = 100;
const stepsOf = () => STEPS;

function gridOf(arms: number, replicates: number, nx: number, ny: number): Grid {
  return { arms, replicates, nx, ny, cells: nx * ny, trials: arms * replicates * nx * ny };
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

test('a picture comes back from its file', () => {
  const rgb = Uint8Array.from({ length: 5 * 7 * 3 }, (_, i) => (i * 37) % 256);
  expect(decodePng(encodePng({ width: 5, height: 7, rgb }))).toEqual({ width: 5, height: 7, rgb });
});

test('panels side by side have the colours of the page’s canvases, cell by cell', () => {
  const grid = gridOf(2, 3, 9, 6);
  const outcomes = randomOutcomes(grid);
  const table = new ResultTable(grid.trials);
  table.enter(batchOf(outcomes));
  const map = decodePng(encodePng(drawMap({ table, grid, stepsOf })));
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
  const seen = new Set<number>();
  for (const arm of [0, 1]) {
    const canvas = { pixels: new Uint32Array(54), unfinished: new Uint32Array(54) };
    expect([...paintArm(canvas, page, arm, mapColours(PALETTES[0]), scale.range)]).toHaveLength(6);
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
  const draw = (grid: Grid) => {
    const table = new ResultTable(grid.trials);
    table.enter(batchOf(randomOutcomes(grid)));
    return drawMap({ table, grid, stepsOf });
  };
  const one = draw(gridOf(1, 2, 1, 1));
  expect([one.width, one.height]).toEqual([256, 256]);
  expect(pixel(one, 255, 0)).toEqual(pixel(one, 0, 255));
  const wide = draw(gridOf(1, 1, 300, 1));
  expect([wide.width, wide.height]).toEqual([300, 256]);
});
