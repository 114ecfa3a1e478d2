/** Cells of a grid that share a resolution: each stands for the block of `stride` × `stride` cells of which it is the first. */
export interface Level {
  readonly stride: number;
  /** iy·nx + ix, row by row; made as they are asked for, since a grid may have millions. */
  cells(): Iterable<number>;
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
  const coarsest = coarsestStride(nx, ny);
  for (let stride = coarsest; stride >= 1; stride /= 2) {
    const coarser = stride === coarsest ? undefined : 2 * stride;
    levels.push({ stride, cells: () => cellsOf(nx, ny, stride, coarser) });
  }
  return levels;
}

/** @param coarser the stride of the level before, whose cells are left out */
function* cellsOf(nx: number, ny: number, stride: number, coarser: number | undefined): Iterable<number> {
  for (let iy = 0; iy < ny; iy += stride)
    for (let ix = 0; ix < nx; ix += stride)
      if (coarser === undefined || ix % coarser !== 0 || iy % coarser !== 0) yield iy * nx + ix;
}
