import { STATES, type TrialState } from '../training/outcome';
import type { ResultTable } from '../scheduler/results';
import type { Grid } from '../experiment/axes';
import { stateAt } from './difference';
import type { Cell } from './headline';
import type { Canvas } from './map_picture';

/** Whether a state is among those that are shown; what has not finished is. */
export function isShown(hidden: readonly TrialState[], state: TrialState | undefined): boolean {
  return state === undefined || !hidden.includes(state);
}

/** How many of some cells have each state in an arm, by the trials that stand for them. */
export type SelectionCounts = Readonly<Record<TrialState | 'unfinished', number>>;

export function countCells(
  table: ResultTable,
  grid: Grid,
  arm: number,
  cells: readonly Cell[],
): SelectionCounts {
  const counts = Object.fromEntries([...STATES, 'unfinished'].map((name) => [name, 0])) as Record<
    TrialState | 'unfinished',
    number
  >;
  for (const { ix, iy } of cells) counts[stateAt(table, grid, arm, ix, iy) ?? 'unfinished'] += 1;
  return counts;
}

/** How opaque cells are that are not looked at. */
const DIM = 0x38;

/** What of the maps is looked at: the cells that are selected, by index (iy·nx + ix), and have states that are shown. */
export interface Looked {
  readonly selected: ReadonlySet<number> | undefined;
  readonly hidden: readonly TrialState[];
}

/**
 * Paints as `rows` does, a row at every turn, and dims the cells that are not looked at.
 * @param arms whose states count: a cell is shown if that of any is
 */
export function* dimmed(
  rows: Iterator<void>,
  { pixels }: Canvas,
  { table, grid }: { table: ResultTable; grid: Grid },
  arms: readonly number[],
  { selected, hidden }: Looked,
): Generator<void> {
  const { nx, ny } = grid;
  for (let iy = 0; !rows.next().done; iy += 1) {
    for (let ix = 0; ix < nx; ix += 1) {
      const isLit =
        (selected?.has(iy * nx + ix) ?? true) &&
        (hidden.length === 0 || arms.some((arm) => isShown(hidden, stateAt(table, grid, arm, ix, iy))));
      const at = (ny - 1 - iy) * nx + ix;
      if (!isLit && pixels[at] !== 0) pixels[at] = ((pixels[at]! & 0xffffff) | (DIM << 24)) >>> 0;
    }
    yield;
  }
}
