import { cellOf, trialIndex, type Grid } from '../experiment/axes';
import { ResultTable } from '../scheduler/results';
import { COLUMN_NAMES } from '../training/outcome_columns';
import { ColourScale } from '../view/colour_scale';
import { mapColours, paintArm, type Painted } from '../view/map_picture';
import { PALETTES } from '../view/palettes';
import { TOGETHER, type Outcomes } from './output';
import type { Picture } from './png';

/** Pixels that a side of a panel has at least, and that lie between two panels. */
const SIDE = 256;
const GAP = 16;

/**
 * The page's maps of a sweep: one panel an arm, side by side, iy = 0 at the bottom. No cell stands for others; one of which nothing is
 * known is white.
 * @param together trials of which the outcomes are asked for at once, about
 */
export function drawMap(outcomes: Outcomes, together = TOGETHER): Picture {
  const { arms, nx, ny } = outcomes.source.grid;
  const [cellWidth, cellHeight] = [Math.ceil(SIDE / nx), Math.ceil(SIDE / ny)];
  const panel = nx * cellWidth;
  const width = arms * panel + (arms - 1) * GAP;
  function* rows() {
    for (const cells of rowsOfCells(outcomes, rangeOf(outcomes, together), together)) {
      const row = new Uint8Array(width * 3).fill(255);
      for (const [arm, colours] of cells.entries())
        for (let x = 0; x < panel; x += 1)
          row.set(channels(colours[Math.floor(x / cellWidth)]!), 3 * (arm * (panel + GAP) + x));
      for (let y = 0; y < cellHeight; y += 1) yield row;
    }
  }
  return { width, height: ny * cellHeight, rows };
}

/** The range of colours, of all trials. */
function rangeOf({ source, table }: Outcomes, together: number): ColourScale['range'] {
  const scale = new ColourScale();
  const { trials } = source.grid;
  for (let first = 0; first < trials; first += together) {
    const results = table(first, Math.min(together, trials - first));
    const told = { table: results, stepsOf: (at: number) => source.steps(first + at) };
    scale.enter(told, results.class.keys());
  }
  return scale.range;
}

/** Rows of cells, iy = ny − 1 first: of each arm (nx) pixels as the page's canvas has them. */
function* rowsOfCells(
  outcomes: Outcomes,
  range: ColourScale['range'],
  together: number,
): Iterable<Uint32Array[]> {
  const { arms, replicates, nx, ny } = outcomes.source.grid;
  const colours = mapColours(PALETTES[0]);
  const high = Math.max(1, Math.floor(together / (replicates * nx)));
  for (let end = ny; end > 0; end -= high) {
    const first = Math.max(0, end - high);
    const panels = Array.from({ length: arms }, (_, arm) => {
      const band = bandOf(outcomes, arm, { first, count: end - first });
      const canvas = {
        pixels: new Uint32Array(band.grid.cells),
        unfinished: new Uint32Array(band.grid.cells),
      };
      const rows = paintArm(canvas, band, 0, colours, range);
      while (!rows.next().done); // the page paints a little at every turn
      return canvas.pixels;
    });
    for (let row = 0; row < end - first; row += 1)
      yield panels.map((pixels) => pixels.subarray(row * nx, (row + 1) * nx));
  }
}

/** Some rows of an arm's map, as the map of a sweep that has no others. */
function bandOf(
  { source, table }: Outcomes,
  arm: number,
  { first, count }: { first: number; count: number },
): Painted {
  const { replicates, nx } = source.grid;
  const cells = nx * count;
  const grid: Grid = { arms: 1, replicates, nx, ny: count, cells, trials: replicates * cells };
  const band = new ResultTable(grid.trials);
  const start = (replicate: number) => trialIndex(source.grid, { arm, replicate, iy: first, ix: 0 });
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    const rows = table(start(replicate), cells);
    for (const name of COLUMN_NAMES) band[name].set(rows[name], replicate * cells);
  }
  const stepsOf = (at: number) => {
    const { replicate } = cellOf(grid, at);
    return source.steps(start(replicate) + (at % cells));
  };
  return { table: band, grid, stepsOf, coarsest: 1 };
}

/** Red, green and blue of a little-endian pixel; of a transparent one, white. */
function channels(pixel: number): [number, number, number] {
  return pixel === 0 ? [255, 255, 255] : [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
}
