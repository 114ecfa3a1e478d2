/** Cells of a grid that share a resolution: each stands for the block of `stride` × `stride` cells of which it is the first. */
export interface Level {
  readonly stride: number;
  /** iy·nx + ix */
  readonly cells: readonly number[];
}

/** Cells a side of the first, coarsest picture. */
const COARSEST = 4;

/**
 * Every cell of an nx × ny grid once, coarse cells first: a level holds the cells whose coordinates are multiples of its stride and of
 * no larger level's, so that each level halves the blocks of the picture.
 */
export function coarseToFine(nx: number, ny: number): Level[] {
  let stride = 1;
  while (Math.max(nx, ny) / stride > COARSEST) stride *= 2;
  const levels: Level[] = [];
  for (let coarser = Infinity; stride >= 1; coarser = stride, stride /= 2) {
    const cells: number[] = [];
    for (let iy = 0; iy < ny; iy += stride)
      for (let ix = 0; ix < nx; ix += stride)
        // ∞ as the coarser stride leaves 0 % ∞ = 0 alone, which the first level must keep.
        if (coarser === Infinity || ix % coarser !== 0 || iy % coarser !== 0) cells.push(iy * nx + ix);
    levels.push({ stride, cells });
  }
  return levels;
}

/** The level strides of a grid, by cell. */
export function strideOf(nx: number, ny: number): Uint16Array {
  const strides = new Uint16Array(nx * ny);
  for (const { stride, cells } of coarseToFine(nx, ny)) for (const cell of cells) strides[cell] = stride;
  return strides;
}
