import { fitLine, type LineFit } from './line_fit';

/** Cells of a plane, row by row, of which those that are not 0 belong to a set. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly cells: Uint8Array;
}

export interface BoxCount {
  /** Cells a side of a box. */
  readonly size: number;
  /** How many boxes hold a cell of the set. */
  readonly boxes: number;
}

/** How many boxes a side there are of the largest size: with fewer a count says little. */
const LEAST_BOXES = 4;
/** The fewest sizes through which a line is laid. */
const LEAST_SIZES = 4;
/** Cells a side of the smallest plane of which a dimension is told. */
export const LEAST_SIDE = LEAST_BOXES * 2 ** (LEAST_SIZES - 1);

/** Counts by boxes of 1, 2, 4 … cells a side, aligned with the first cell, each made of four of the size before. */
export function boxCounts(mask: Mask): BoxCount[] {
  const counts: BoxCount[] = [];
  // The squares between cells are one fewer a side than these.
  const most = (Math.min(mask.width, mask.height) + 1) / LEAST_BOXES;
  for (let [size, level] = [1, mask]; size <= most; [size, level] = [2 * size, halved(level)])
    counts.push({ size, boxes: level.cells.reduce((sum, cell) => sum + (cell === 0 ? 0 : 1), 0) });
  return counts;
}

function halved({ width, height, cells }: Mask): Mask {
  const [across, upwards] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const boxes = new Uint8Array(across * upwards);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      if (cells[y * width + x] !== 0) boxes[(y >> 1) * across + (x >> 1)] = 1;
  return { width: across, height: upwards, cells: boxes };
}

/**
 * The box-count dimension of a set: the slope of log N against log 1/s, N the boxes of side s that hold some of the set. Its error is
 * that of the fit; how far the sizes are from the limit s → 0 it does not know. Sets whose dimension is known come out within 0.1 of
 * it, on planes of 64 cells a side and more. Nothing where there are too few sizes or cells.
 */
export function boxDimension(counts: readonly BoxCount[]): LineFit | undefined {
  if (counts.length < LEAST_SIZES || counts.some(({ boxes }) => boxes === 0)) return undefined;
  return fitLine(counts.map(({ size, boxes }) => [-Math.log2(size), Math.log2(boxes)]));
}
