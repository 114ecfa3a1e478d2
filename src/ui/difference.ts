import type { Grid } from '../experiment/axes';
import type { ResultTable } from '../scheduler/results';
import type { TrialClass } from '../training/outcome';
import { representative } from './representative';

/** What the second arm makes of a cell, by whether it trains: in both arms, in neither, or in one of them. */
export type Difference = 'rescued' | 'broken' | 'both' | 'neither';

export const DIFFERENCE_WORDS: Readonly<Record<Difference, string>> = {
  rescued: 'rescued: trains only in the second',
  broken: 'broken: trains only in the first',
  both: 'both train',
  neither: 'neither trains',
};

/** Of the first two arms; nothing before both outcomes are known. */
export function differenceOf(table: ResultTable, grid: Grid, ix: number, iy: number): Difference | undefined {
  const first = classAt(table, grid, 0, ix, iy);
  const second = first && classAt(table, grid, 1, ix, iy);
  if (!first || !second) return undefined;
  if (first === 'converged') return second === 'converged' ? 'both' : 'broken';
  return second === 'converged' ? 'rescued' : 'neither';
}

function classAt(
  table: ResultTable,
  grid: Grid,
  arm: number,
  ix: number,
  iy: number,
): TrialClass | undefined {
  const trial = representative(table, grid, arm, ix, iy);
  return trial === undefined ? undefined : table.classOf(trial);
}
