import { ColourScale } from '../view/colour_scale';
import { mapColours, paintArm, type Painted } from '../view/map_picture';
import { PALETTES } from '../view/palettes';
import type { Picture } from './png';

/** Pixels that a side of a panel has at least, and that lie between two panels. */
const SIDE = 256;
const GAP = 16;

/** A finished sweep, in which no cell stands for others. */
type Finished = Omit<Painted, 'coarsest'>;

/** The page's maps of a finished sweep: one panel an arm, side by side, iy = 0 at the bottom. */
export function drawMap(results: Finished): Picture {
  const { arms, nx, ny } = results.grid;
  const [cellWidth, cellHeight] = [Math.ceil(SIDE / nx), Math.ceil(SIDE / ny)];
  const panel = nx * cellWidth;
  const width = arms * panel + (arms - 1) * GAP;
  const height = ny * cellHeight;
  const rgb = new Uint8Array(width * height * 3).fill(255);
  const scale = new ColourScale();
  scale.enter(results, results.table.class.keys());
  for (let arm = 0; arm < arms; arm += 1) {
    const cells = paintedCells(results, arm, scale);
    for (let row = 0; row < ny; row += 1) {
      const line = new Uint8Array(panel * 3);
      for (let x = 0; x < panel; x += 1)
        line.set(channels(cells[row * nx + Math.floor(x / cellWidth)]!), 3 * x);
      for (let y = row * cellHeight; y < (row + 1) * cellHeight; y += 1)
        rgb.set(line, (y * width + arm * (panel + GAP)) * 3);
    }
  }
  return { width, height, rgb };
}

/** (ny × nx) pixels of an arm as the page's canvas has them, the top row first. */
function paintedCells(results: Finished, arm: number, { range }: ColourScale): Uint32Array {
  const { nx, ny } = results.grid;
  const canvas = { pixels: new Uint32Array(nx * ny), unfinished: new Uint32Array(nx * ny) };
  const rows = paintArm(canvas, { ...results, coarsest: 1 }, arm, mapColours(PALETTES[0]), range);
  while (!rows.next().done); // the page paints a little at every turn
  return canvas.pixels;
}

/** Red, green and blue of a little-endian pixel. */
function channels(pixel: number): [number, number, number] {
  return [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
}
