import { axisValues, trialIndex, type Grid } from '../experiment/axes';
import type { Axis, Experiment } from '../experiment/types';
import { CLASS_NUMBER, type ResultTable } from '../scheduler/results';
import type { TrialState } from '../training/outcome';
import { isShown } from './cell_filter';
import { median } from './curves';
import { lineThrough, type Cell } from './headline';
import { evenly } from './drawn_trials';

/** Losses of an arm along a line of the maps; nothing where a trial has not finished, or has a state that is hidden. */
export interface ArmSlice {
  /** The final loss of each replicate, ∞ where it diverged (replicates × rates). */
  readonly replicates: readonly (number | null)[][];
  /** Of the replicates (rates). */
  readonly median: (number | null)[];
  /** The median of the initial losses (rates). */
  readonly initial: (number | null)[];
}

/** A line through a cell along the axis that is a learning rate. */
export interface Slice {
  readonly along: Axis;
  /** Ascending. */
  readonly rates: number[];
  readonly arms: readonly ArmSlice[];
  /** The cell's own learning rate, and where the line lies on the other axis. */
  readonly here: number;
  readonly across: { readonly axis: Axis; readonly index: number } | undefined;
}

/** The most replicates of which points are drawn. */
const MOST_REPLICATES = 32;

/** @returns nothing where no axis is a learning rate */
export function sliceThrough(
  experiment: Experiment,
  { table, grid }: { readonly table: ResultTable; readonly grid: Grid },
  cell: Cell,
  hidden: readonly TrialState[],
): Slice | undefined {
  const line = lineThrough(experiment, cell);
  if (!line) return undefined;
  const { x, y } = experiment.axes;
  const isX = line.along === 'x';
  const along = isX ? x : y!;
  const values = axisValues(along);
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const cells = order.map((i): Cell => (isX ? { ix: i, iy: cell.iy } : { ix: cell.ix, iy: i }));
  const other = isX ? y : x;
  return {
    along,
    rates: order.map((i) => values[i]!),
    arms: experiment.arms.map((_, arm) => armSlice(table, grid, arm, cells, hidden)),
    here: values[isX ? cell.ix : cell.iy]!,
    across: other && { axis: other, index: isX ? cell.iy : cell.ix },
  };
}

function armSlice(
  table: ResultTable,
  grid: Grid,
  arm: number,
  cells: readonly Cell[],
  hidden: readonly TrialState[],
): ArmSlice {
  const seeds = Array.from({ length: grid.replicates }, (_, replicate) => replicate);
  const trialAt = (cell: Cell, replicate: number) => trialIndex(grid, { arm, replicate, ...cell });
  const finalAt = (cell: Cell, replicate: number) => {
    const trial = trialAt(cell, replicate);
    if (!table.isFinished(trial) || !isShown(hidden, table.stateOf(trial))) return null;
    return table.class[trial] === CLASS_NUMBER.diverged ? Infinity : table.lossFinal[trial]!;
  };
  const middle = (values: readonly (number | null)[]) => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : median(known);
  };
  return {
    replicates: evenly(seeds, MOST_REPLICATES).map((seed) => cells.map((cell) => finalAt(cell, seed))),
    median: cells.map((cell) => middle(seeds.map((seed) => finalAt(cell, seed)))),
    initial: cells.map((cell) =>
      middle(
        seeds.map((seed) => {
          const trial = trialAt(cell, seed);
          return table.isFinished(trial) ? table.lossInitial[trial]! : null;
        }),
      ),
    ),
  };
}
