import type { Grid } from '../experiment/axes';
import { CLASS_NUMBER, type ResultTable } from '../scheduler/results';
import { differenceOf, type Difference } from './difference';
import { DIFFERENCE_COLOURS, pixel, rampColours, stalledColour, type Palette } from './palettes';
import { representative } from './representative';

export interface MapColours {
  converged: Uint32Array;
  diverged: Uint32Array;
  stalled: number;
}

export function mapColours(palette: Palette): MapColours {
  return {
    converged: Uint32Array.from(rampColours(palette.converged), pixel),
    diverged: Uint32Array.from(rampColours(palette.diverged), pixel),
    stalled: pixel(stalledColour(palette)),
  };
}

export interface Results {
  table: ResultTable;
  grid: Grid;
  /** Training steps of a trial. */
  steps: number;
  /** Cells a side of the largest block that a trained cell stands for meanwhile. */
  coarsest: number;
}

/** Transparent. */
const UNKNOWN = 0;

/**
 * Colours every cell, the first row of the picture being the last of the grid; a cell that waits takes its block's colour.
 * Yields after every row, so that the painting of a million cells can be spread over frames.
 */
function* paintCells(
  pixels: Uint32Array,
  { grid: { nx, ny }, coarsest }: Results,
  colourOf: (ix: number, iy: number) => number,
): Generator<void> {
  const own = new Uint32Array(nx * ny); // a block's first cell comes before its others
  for (let iy = 0; iy < ny; iy += 1) {
    for (let ix = 0; ix < nx; ix += 1) {
      let colour = colourOf(ix, iy);
      own[iy * nx + ix] = colour;
      for (let stride = 2; colour === UNKNOWN && stride <= coarsest; stride *= 2)
        colour = own[(iy - (iy % stride)) * nx + ix - (ix % stride)]!;
      pixels[(ny - 1 - iy) * nx + ix] = colour;
    }
    yield;
  }
}

/**
 * Draws one arm, a row at every turn.
 * @param pixels (ny × nx), transparent where nothing is known yet
 * @param range log₁₀ of the mean relative loss at the two ends of the converged ramp
 */
export function paintArm(
  pixels: Uint32Array,
  results: Results,
  arm: number,
  colours: MapColours,
  range: { poor: number; good: number },
): Generator<void> {
  const { table, grid, steps } = results;
  const { converged, diverged, stalled } = colours;
  const shade = (ramp: Uint32Array, t: number) =>
    ramp[Math.round(Math.min(1, Math.max(0, t)) * (ramp.length - 1)) || 0]!;
  const longest = Math.log(steps + 1);
  return paintCells(pixels, results, (ix, iy) => {
    const trial = representative(table, grid, arm, ix, iy);
    if (trial === undefined) return UNKNOWN;
    const state = table.class[trial]!;
    const score = table.score[trial]!;
    // Σ1/v counts the steps before the end, so its logarithm tells an early divergence from a late one.
    if (state === CLASS_NUMBER.diverged) return shade(diverged, Math.log(score) / longest);
    if (state === CLASS_NUMBER.stalled || !(score < 0)) return stalled;
    const { poor, good } = range;
    return shade(converged, (Math.log10(-score / steps) - poor) / (good - poor));
  });
}

const DIFFERENCES: Readonly<Record<Difference, number>> = {
  rescued: pixel(DIFFERENCE_COLOURS.rescued),
  broken: pixel(DIFFERENCE_COLOURS.broken),
  both: pixel(DIFFERENCE_COLOURS.both),
  neither: pixel(DIFFERENCE_COLOURS.neither),
};

/** Draws what the second arm changes, where both have finished; a row at every turn. */
export function paintDifference(pixels: Uint32Array, results: Results): Generator<void> {
  const { table, grid } = results;
  return paintCells(pixels, results, (ix, iy) => {
    const difference = differenceOf(table, grid, ix, iy);
    return difference ? DIFFERENCES[difference] : UNKNOWN;
  });
}

/** Share of an arm's trials whose outcome is known. */
export function finishedShare({ table, grid }: Results, arm: number): number {
  const trials = grid.trials / grid.arms;
  let finished = 0;
  for (let trial = arm * trials; trial < (arm + 1) * trials; trial += 1)
    if (table.isFinished(trial)) finished += 1;
  return finished / trials;
}
