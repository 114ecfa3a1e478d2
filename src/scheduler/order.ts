/** Cells of a grid that share a resolution: each stands for the block of `stride` × `stride` cells of which it is the first. */
export interface Level {
  readonly stride: number;
  /** iy·nx + ix */
  readonly cells: Uint32Array;
}

/** Cells a side of the first, coarsest picture. */
const COARSEST = 4;

/** The stride of the first level. */
export function coarsestStride(nx: number, ny: number): number {
  let stride = 1;
  while (Math.max(nx, ny) / stride > COARSEST) stride *= 2;
  return stride;
}

/**
 * Every cell of an nx × ny grid once, coarse cells first: a level holds the cells whose coordinates are multiples of its stride and of
 * no larger level's, so that each level halves the blocks of the picture.
 */
export function coarseToFine(nx: number, ny: number): Level[] {
  const levels: Level[] = [];
  let stride = coarsestStride(nx, ny);
  for (let coarser = Infinity; stride >= 1; coarser = stride, stride /= 2) {
    const covered = coarser === Infinity ? 0 : multiples(nx, coarser) * multiples(ny, coarser);
    const cells = new Uint32Array(multiples(nx, stride) * multiples(ny, stride) - covered);
    let count = 0;
    for (let iy = 0; iy < ny; iy += stride)
      for (let ix = 0; ix < nx; ix += stride)
        // ∞ as the coarser stride leaves 0 % ∞ = 0 alone, which the first level must keep.
        if (coarser === Infinity || ix % coarser !== 0 || iy % coarser !== 0) cells[count++] = iy * nx + ix;
    levels.push({ stride, cells });
  }
  return levels;
}

/** Multiples of `stride` below `count`, 0 among them. */
function multiples(count: number, stride: number): number {
  return Math.ceil(count / stride);
}

/** The level strides of a grid, by cell. */
export function strideOf(nx: number, ny: number): Uint16Array {
  const strides = new Uint16Array(nx * ny);
  for (const { stride, cells } of coarseToFine(nx, ny)) for (const cell of cells) strides[cell] = stride;
  return strides;
}
