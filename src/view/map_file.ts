import type { Picture } from '../experiment/png';
import { ColourScale } from './colour_scale';
import type { Colouring, Range } from './colouring';
import { mapColours, paintArm, paintDifference, type Canvas, type Painted } from './map_picture';
import { PALETTES, type Palette } from './palettes';
import { Shading } from './shading';

/** Pixels that a side of a panel has at least, and that lie between two panels. */
const SIDE = 256;
const GAP = 16;

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
}

/**
 * The page's maps as one picture: one panel an arm, side by side, iy = 0 at the bottom. Cells that have not finished are white, as is
 * what lies between the panels.
 */
export function drawMap(
  told: Omit<Painted, 'coarsest'>,
  {
    palette = PALETTES[0],
    colouring = 'outcome',
    range,
    equalize = false,
    difference = false,
  }: MapStyle = {},
): Picture {
  const results = { ...told, coarsest: 1 }; // no cell stands for others
  const { arms, nx, ny } = results.grid;
  const scale = new ColourScale();
  scale.enter(results, results.table.class.keys());
  const colours = mapColours(palette);
  const shading = new Shading(results, { colouring, range, equalize }, scale.ends);
  const panels = Array.from({ length: arms }, (_, arm) =>
    painted(nx * ny, (canvas) => paintArm(canvas, results, arm, colours, shading)),
  );
  if (difference && arms > 1) panels.push(painted(nx * ny, (canvas) => paintDifference(canvas, results)));
  return sideBySide(panels, nx, ny);
}

/** Pixels of a map as the page's canvas has them, the top row first; 0 where nothing has finished. */
function painted(cells: number, paint: (canvas: Canvas) => Iterator<void>): Uint32Array {
  const canvas = { pixels: new Uint32Array(cells), unfinished: new Uint32Array(cells) };
  const rows = paint(canvas);
  while (!rows.next().done); // the page paints a little at every turn
  return canvas.pixels.map((pixel, at) => (canvas.unfinished[at] ? 0 : pixel));
}

/** @param panels (ny × nx) each */
function sideBySide(panels: readonly Uint32Array[], nx: number, ny: number): Picture {
  const [cellWidth, cellHeight] = [Math.ceil(SIDE / nx), Math.ceil(SIDE / ny)];
  const side = nx * cellWidth;
  const width = panels.length * side + (panels.length - 1) * GAP;
  const height = ny * cellHeight;
  const rgb = new Uint8Array(width * height * 3).fill(255);
  for (const [panel, cells] of panels.entries())
    for (let row = 0; row < ny; row += 1) {
      const line = new Uint8Array(side * 3).fill(255);
      for (let x = 0; x < side; x += 1) {
        const pixel = cells[row * nx + Math.floor(x / cellWidth)]!;
        if (pixel === 0) continue;
        // Red, green and blue of a little-endian pixel.
        for (const channel of [0, 1, 2]) line[3 * x + channel] = (pixel >> (8 * channel)) & 255;
      }
      for (let y = row * cellHeight; y < (row + 1) * cellHeight; y += 1)
        rgb.set(line, (y * width + panel * (side + GAP)) * 3);
    }
  return { width, height, rgb };
}
