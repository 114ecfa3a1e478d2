import { cellOf, trialIndex, type Grid } from '../experiment/axes';
import type { Picture } from '../experiment/png';
import { ResultTable } from '../scheduler/results';
import { COLUMN_NAMES } from '../training/outcome_columns';
import { ColourScale } from './colour_scale';
import type { Colouring, Range } from './colouring';
import { mapColours, paintArm, paintDifference, type Canvas, type Painted } from './map_picture';
import { TOGETHER, type Outcomes } from './outcomes';
import { PALETTES, type Palette } from './palettes';
import { Shading } from './shading';

/** Pixels that a side of a panel has at least where nothing else is told, and that lie between two panels. */
const SIDE = 256;
export const GAP = 16;

/** How the maps of a file are drawn. */
export interface MapStyle {
  readonly palette?: Palette;
  readonly colouring?: Colouring;
  /** The ends of its range; automatic where none are told. */
  readonly range?: Range | undefined;
  /** Colours by rank. */
  readonly equalize?: boolean;
  /** With a panel of what the second arm changes, where there is a second. */
  readonly difference?: boolean;
  /** Pixels that a side of a panel has at least. */
  readonly side?: number;
}

/**
 * The page's maps as one picture: one panel an arm, side by side, iy = 0 at the bottom. No cell stands for others; those that have not
 * finished are white, as is what lies between the panels.
 * @param together trials of which the outcomes are asked for at once, about; automatic ranges of other colourings than the outcome, and
 *   ranks, are those of as many
 */
export function drawMap(outcomes: Outcomes, style: MapStyle = {}, together = TOGETHER): Picture {
  const { arms, nx, ny } = outcomes.source.grid;
  const { side = SIDE } = style;
  const [cellWidth, cellHeight] = [Math.ceil(side / nx), Math.ceil(side / ny)];
  const panels = arms + (style.difference && arms > 1 ? 1 : 0);
  const panel = nx * cellWidth;
  const width = panels * panel + (panels - 1) * GAP;
  function* rows() {
    const converged = convergedEnds(outcomes, together);
    for (const cells of rowsOfCells(outcomes, style, converged, together)) {
      const row = new Uint8Array(width * 3).fill(255);
      for (const [at, colours] of cells.entries())
        for (let x = 0; x < panel; x += 1) {
          const pixel = colours[Math.floor(x / cellWidth)]!;
          if (pixel === 0) continue;
          const to = 3 * (at * (panel + GAP) + x);
          // Red, green and blue of a little-endian pixel.
          for (const channel of [0, 1, 2]) row[to + channel] = (pixel >> (8 * channel)) & 255;
        }
      for (let y = 0; y < cellHeight; y += 1) yield row;
    }
  }
  return { width, height: ny * cellHeight, rows };
}

/** The automatic range of converged trials, of all of them. */
function convergedEnds({ source, table }: Outcomes, together: number): Range {
  const scale = new ColourScale();
  const { trials } = source.grid;
  for (let first = 0; first < trials; first += together) {
    const results = table(first, Math.min(together, trials - first));
    const told = { table: results, stepsOf: (at: number) => source.steps(first + at) };
    scale.enter(told, results.class.keys());
  }
  return scale.ends;
}

/** Rows of cells, iy = ny − 1 first: of each panel (nx) pixels as the page's canvas has them. */
function* rowsOfCells(
  outcomes: Outcomes,
  { palette = PALETTES[0], colouring = 'outcome', range, equalize = false, difference = false }: MapStyle,
  converged: Range,
  together: number,
): Iterable<Uint32Array[]> {
  const { arms, replicates, nx, ny } = outcomes.source.grid;
  const colours = mapColours(palette);
  const high = Math.max(1, Math.floor(together / (arms * replicates * nx)));
  for (let end = ny; end > 0; end -= high) {
    const first = Math.max(0, end - high);
    const band = bandOf(outcomes, first, end - first);
    const shading = new Shading(band, { colouring, range, equalize }, converged);
    const panels = Array.from({ length: arms }, (_, arm) =>
      painted(band, (canvas) => paintArm(canvas, band, arm, colours, shading)),
    );
    if (difference && arms > 1) panels.push(painted(band, (canvas) => paintDifference(canvas, band)));
    for (let row = 0; row < end - first; row += 1)
      yield panels.map((pixels) => pixels.subarray(row * nx, (row + 1) * nx));
  }
}

/** Pixels of a map as the page's canvas has them, the top row first; 0 where nothing has finished. */
function painted({ grid }: Painted, paint: (canvas: Canvas) => Iterator<void>): Uint32Array {
  const canvas = { pixels: new Uint32Array(grid.cells), unfinished: new Uint32Array(grid.cells) };
  const rows = paint(canvas);
  while (!rows.next().done); // the page paints a little at every turn
  return canvas.pixels.map((pixel, at) => (canvas.unfinished[at] ? 0 : pixel));
}

/** Some rows of the maps, as maps of a sweep that has no others. */
function bandOf({ source, table }: Outcomes, first: number, count: number): Painted {
  const { arms, replicates, nx } = source.grid;
  const cells = nx * count;
  const grid: Grid = { arms, replicates, nx, ny: count, cells, trials: arms * replicates * cells };
  const band = new ResultTable(grid.trials);
  const start = (arm: number, replicate: number) =>
    trialIndex(source.grid, { arm, replicate, iy: first, ix: 0 });
  for (let arm = 0; arm < arms; arm += 1)
    for (let replicate = 0; replicate < replicates; replicate += 1) {
      const rows = table(start(arm, replicate), cells);
      for (const name of COLUMN_NAMES) band[name].set(rows[name], (arm * replicates + replicate) * cells);
    }
  const stepsOf = (at: number) => {
    const { arm, replicate } = cellOf(grid, at);
    return source.steps(start(arm, replicate) + (at % cells));
  };
  return { table: band, grid, stepsOf, coarsest: 1 };
}
