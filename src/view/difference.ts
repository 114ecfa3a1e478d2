import type { Grid } from '../experiment/axes';
import type { ResultTable } from '../scheduler/results';
import { trains, type TrialState } from '../training/outcome';
import { representative } from './representative';

/** What the second arm makes of a cell, by whether it trains: in both arms, in neither, or in one of them. */
export type Difference = 'rescued' | 'broken' | 'both' | 'neither';

/** Of the first two arms; nothing before both outcomes are known. */
export function differenceOf(table: ResultTable, grid: Grid, ix: number, iy: number): Difference | undefined {
  return differenceBetween(stateAt(table, grid, 0, ix, iy), stateAt(table, grid, 1, ix, iy));
}

export function differenceBetween(
  first: TrialState | undefined,
  second: TrialState | undefined,
): Difference | undefined {
  if (!first || !second) return undefined;
  if (trains(first)) return trains(second) ? 'both' : 'broken';
  return trains(second) ? 'rescued' : 'neither';
}

/** @param arms names of the first two */
export function differenceWords(
  difference: Difference,
  [first = '', second = '']: readonly string[],
): string {
  switch (difference) {
    case 'rescued':
      return `rescued: trains only ${within(second)}`;
    case 'broken':
      return `broken: trains only ${within(first)}`;
    case 'both':
      return 'both train';
    case 'neither':
      return 'neither trains';
  }
}

/** What became of a cell in two arms: `neither: slow and diverged`. */
export function differenceAt(
  table: ResultTable,
  grid: Grid,
  ix: number,
  iy: number,
  arms: readonly string[],
): string {
  const difference = differenceOf(table, grid, ix, iy);
  if (!difference) return 'not yet trained in both';
  if (difference === 'rescued' || difference === 'broken') return differenceWords(difference, arms);
  const states = [0, 1].map((arm) => stateAt(table, grid, arm, ix, iy)!);
  return `${difference}: ${[...new Set(states)].join(' and ')}`;
}

/** An arm's name behind `only`. */
function within(name: string): string {
  return /^with/i.test(name) ? name : `in “${name}”`;
}

/** The state of the trial that stands for a cell of an arm; nothing before it has finished. */
export function stateAt(
  table: ResultTable,
  grid: Grid,
  arm: number,
  ix: number,
  iy: number,
): TrialState | undefined {
  const trial = representative(table, grid, arm, ix, iy);
  return trial === undefined ? undefined : table.stateOf(trial);
}
