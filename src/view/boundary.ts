import type { Grid } from '../experiment/axes';
import type { ResultTable } from '../scheduler/results';
import { trains } from '../training/outcome';
import type { Mask } from './box_count';
import { stateAt } from './difference';

/** On which side of the boundary a cell lies. */
const UNKNOWN = 0;
const FAILS = 1;
const TRAINS = 2;

/** The sides of an arm's cells, row by row, iy = 0 first. */
export interface Sides {
  readonly nx: number;
  readonly ny: number;
  readonly cells: Uint8Array;
}

export function sidesOf(table: ResultTable, grid: Grid, arm: number): Sides {
  const { nx, ny } = grid;
  const cells = new Uint8Array(nx * ny);
  for (let iy = 0; iy < ny; iy += 1)
    for (let ix = 0; ix < nx; ix += 1) {
      const state = stateAt(table, grid, arm, ix, iy);
      cells[iy * nx + ix] = state ? (trains(state) ? TRAINS : FAILS) : UNKNOWN;
    }
  return { nx, ny, cells };
}

/**
 * The contour between cells that train and cells that do not: a path of SVG in units of cells, the last row uppermost. It runs along
 * the cells' own edges, since between two cells nothing is known.
 */
export function contour({ nx, ny, cells }: Sides): string {
  const sideOf = (cell: number) => cells[cell] ?? UNKNOWN;
  const differ = (a: number, b: number) => sideOf(a) * sideOf(b) === FAILS * TRAINS;
  const pieces: string[] = [];
  /** Edges of one line of the grid, neighbours joined. */
  const line = (
    count: number,
    isEdge: (i: number) => boolean,
    piece: (from: number, to: number) => string,
  ) => {
    for (let i = 0; i < count; i += 1) {
      if (!isEdge(i)) continue;
      const from = i;
      while (i + 1 < count && isEdge(i + 1)) i += 1;
      pieces.push(piece(from, i + 1));
    }
  };
  for (let ix = 0; ix + 1 < nx; ix += 1)
    line(
      ny,
      (iy) => differ(iy * nx + ix, iy * nx + ix + 1),
      (from, to) => `M${ix + 1} ${ny - from}V${ny - to}`,
    );
  for (let iy = 0; iy + 1 < ny; iy += 1)
    line(
      nx,
      (ix) => differ(iy * nx + ix, (iy + 1) * nx + ix),
      (from, to) => `M${from} ${ny - iy - 1}H${to}`,
    );
  return pieces.join('');
}

/**
 * The boundary as a set of cells, as arXiv 2402.06184 counts it: the squares of two by two cells in which some train and some do not.
 * Squares with cells that are not known do not belong to it unless the others differ.
 */
export function boundaryMask({ nx, ny, cells }: Sides): Mask {
  const [width, height] = [Math.max(0, nx - 1), Math.max(0, ny - 1)];
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = y * nx + x;
      const seen =
        (1 << cells[at]!) | (1 << cells[at + 1]!) | (1 << cells[at + nx]!) | (1 << cells[at + nx + 1]!);
      mask[y * width + x] = (seen & (1 << FAILS)) !== 0 && (seen & (1 << TRAINS)) !== 0 ? 1 : 0;
    }
  return { width, height, cells: mask };
}
