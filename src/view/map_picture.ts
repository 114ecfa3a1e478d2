import type { Grid } from '../experiment/axes';
import type { CellCounts } from './cell_counts';
import { differenceOf, type Difference } from './difference';
import type { Told } from './outcome_words';
import { DIFFERENCE_COLOURS, oklchToRgb, pixel, rampColours, type Palette } from './palettes';
import { representative } from './representative';
import type { Look, RampName, Shading } from './shading';

/** Pixels of every look. */
export type MapColours = Readonly<Record<RampName, Uint32Array> & Record<Exclude<Look, RampName>, number>>;

export function mapColours(palette: Palette): MapColours {
  const ramp = (name: RampName) => Uint32Array.from(rampColours(palette[name]), pixel);
  const flat = (name: Exclude<Look, RampName>) => pixel(oklchToRgb(palette[name]));
  return {
    converged: ramp('converged'),
    diverged: ramp('diverged'),
    slow: ramp('slow'),
    amount: ramp('amount'),
    stuck: flat('stuck'),
    risen: flat('risen'),
    already: flat('already'),
    dead: flat('dead'),
  };
}

/** What the colours of a map follow from. */
export interface Painted extends Told {
  readonly grid: Grid;
  /** Cells a side of the largest block that a trained cell stands for meanwhile. */
  readonly coarsest: number;
}

export interface Results extends Painted {
  readonly counts: CellCounts;
}

/** What a map is painted into: rows of nx, the last of the grid first. */
export interface Canvas {
  /** Transparent where nothing is known yet. */
  readonly pixels: Uint32Array;
  /** Opaque where the cell's own outcome is not known yet. */
  readonly unfinished: Uint32Array;
}

/** Transparent. */
const UNKNOWN = 0;
const OPAQUE = 0xff000000;

/**
 * Colours every cell; one that waits takes its block's colour. Yields after every row, so that the painting of a million cells can
 * be spread over frames.
 */
export function* paintCells(
  { pixels, unfinished }: Canvas,
  { grid: { nx, ny }, coarsest }: { readonly grid: Pick<Grid, 'nx' | 'ny'>; readonly coarsest: number },
  colourOf: (ix: number, iy: number) => { colour: number; isFinished: boolean },
): Generator<void> {
  const own = new Uint32Array(nx * ny); // a block's first cell comes before its others
  for (let iy = 0; iy < ny; iy += 1) {
    for (let ix = 0; ix < nx; ix += 1) {
      const cell = colourOf(ix, iy);
      let { colour } = cell;
      own[iy * nx + ix] = colour;
      for (let stride = 2; colour === UNKNOWN && stride <= coarsest; stride *= 2)
        colour = own[(iy - (iy % stride)) * nx + ix - (ix % stride)]!;
      const at = (ny - 1 - iy) * nx + ix;
      pixels[at] = colour;
      unfinished[at] = cell.isFinished ? UNKNOWN : OPAQUE;
    }
    yield;
  }
}

/** Draws one arm, a row at every turn. */
export function paintArm(
  canvas: Canvas,
  results: Painted,
  arm: number,
  colours: MapColours,
  shading: Shading,
): Generator<void> {
  const { table, grid } = results;
  const colourOf = (trial: number) => {
    const shown = shading.of(trial);
    if (!shown) return UNKNOWN;
    const colour = colours[shown.look];
    return typeof colour === 'number' ? colour : shade(colour, shown.share);
  };
  return paintCells(canvas, results, (ix, iy) => {
    const trial = representative(table, grid, arm, ix, iy);
    if (trial === undefined) return { colour: UNKNOWN, isFinished: false };
    return { colour: colourOf(trial), isFinished: table.isFinished(trial) };
  });
}

/** The colour at a place on a ramp, 0 to 1; beyond an end that of the end. */
export function shade(ramp: Uint32Array, t: number): number {
  return ramp[Math.round(Math.min(1, Math.max(0, t)) * (ramp.length - 1)) || 0]!;
}

/** Pixels of the third map. */
export const DIFFERENCES: Readonly<Record<Difference, number>> = {
  rescued: pixel(DIFFERENCE_COLOURS.rescued),
  broken: pixel(DIFFERENCE_COLOURS.broken),
  both: pixel(DIFFERENCE_COLOURS.both),
  neither: pixel(DIFFERENCE_COLOURS.neither),
};

/** Draws what the second arm changes, where both have finished; a row at every turn. */
export function paintDifference(canvas: Canvas, results: Painted): Generator<void> {
  const { table, grid } = results;
  return paintCells(canvas, results, (ix, iy) => {
    const difference = differenceOf(table, grid, ix, iy);
    return { colour: difference ? DIFFERENCES[difference] : UNKNOWN, isFinished: difference !== undefined };
  });
}

/** Share of an arm's trials whose outcome is known. */
export function finishedShare({ table, grid }: Painted, arm: number): number {
  const trials = grid.trials / grid.arms;
  let finished = 0;
  for (let trial = arm * trials; trial < (arm + 1) * trials; trial += 1)
    if (table.isFinished(trial)) finished += 1;
  return finished / trials;
}
