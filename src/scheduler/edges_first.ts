import { cellOf, trialIndex, type Grid } from '../experiment/axes';
import { CLASS_NUMBER } from './results';
import type { Trials } from './trials';

/** With more trials the order is not worth what it takes to find it. */
const MOST_ORDERED = 2 ** 18;

/**
 * The trials of a map, coarse cells first, but before all others those that lie where the map is known to change: between cells of which
 * one trains and the other does not. So an edge is sharp long before the map is full.
 * @param classes the class number of each trial of the map, as far as it is known when its neighbours are asked for; `waiting` before
 */
export function edgesFirst(whole: Trials, grid: Grid, classes: Uint8Array): Trials {
  if (whole.total.trials > MOST_ORDERED) return whole;
  function* levels() {
    let left = Array.from(whole.levels(), (level) => [...level]).filter((level) => level.length > 0);
    while (left.length > 0) {
      const near = left.flatMap((level) => level.filter((trial) => isNearEdge(trial, grid, classes)));
      if (near.length === 0) {
        const [coarsest, ...finer] = left;
        left = finer;
        yield coarsest!;
        continue;
      }
      const taken = new Set(near);
      left = left
        .map((level) => level.filter((trial) => !taken.has(trial)))
        .filter((level) => level.length > 0);
      yield near;
    }
  }
  return {
    document: (trial) => whole.document(trial),
    samePlan: (trial) => whole.samePlan(trial),
    steps: (trial) => whole.steps(trial),
    total: whole.total,
    levels,
  };
}

/** Whether of the known cells around a trial's, at the distance of its level and at twice that, some train and some do not. */
function isNearEdge(trial: number, grid: Grid, classes: Uint8Array): boolean {
  const { arm, replicate, ix, iy } = cellOf(grid, trial);
  const stride = strideOf(ix, iy, Math.max(grid.nx, grid.ny));
  let trained: boolean | undefined;
  for (const distance of [stride, 2 * stride])
    for (const down of [-distance, 0, distance])
      for (const right of [-distance, 0, distance]) {
        const [x, y] = [ix + right, iy + down];
        if (x < 0 || y < 0 || x >= grid.nx || y >= grid.ny) continue;
        const known = classes[trialIndex(grid, { arm, replicate, ix: x, iy: y })]!;
        if (known >= CLASS_NUMBER.training) continue;
        const trains = known === CLASS_NUMBER.converged;
        if (trained !== undefined && trained !== trains) return true;
        trained = trains;
      }
  return false;
}

/** Cells a side of the block of which this is the first. */
function strideOf(ix: number, iy: number, most: number): number {
  let stride = 1;
  while (2 * stride < most && ix % (2 * stride) === 0 && iy % (2 * stride) === 0) stride *= 2;
  return stride;
}
