import type { ResultTable } from '../scheduler/results';
import type { TrialSource } from '../scheduler/trial_source';

/** Outcomes of all trials of a sweep, wherever they are kept. */
export interface Outcomes {
  readonly source: TrialSource;
  /** Those of `count` trials from `first` on, in a table that begins with the first of them. */
  table(first: number, count: number): ResultTable;
}

/** Trials whose outcomes are in memory at once, where others are on a disk; a row of a map has no more than 2¹². */
export const TOGETHER = 2 ** 18;

/** Outcomes that are all in memory. */
export function heldIn(table: ResultTable, source: TrialSource): Outcomes {
  return { source, table: (first, count) => table.view(first, count) };
}
