import { axisValues, cellOf, gridOf, trialIndex } from '../experiment/axes';
import { isEqual, sameMeasures } from '../experiment/same_trials';
import { trialDocument } from '../experiment/trial';
import type { Axis, Experiment } from '../experiment/types';
import { gathered, joinBatches, type ResultBatch, type ResultTable } from '../scheduler/results';

/** What is kept of a sweep: its outcomes, and what trained them. */
interface Kept {
  readonly experiment: Experiment;
  readonly table: ResultTable;
  readonly made: string;
}

/** Trials of all sweeps that are kept: some hundred bytes each. */
const MOST_TRIALS = 2 ** 20;

/**
 * The outcomes of the latest sweeps, so that a map that shows some of their cells again, nearer or farther, need not train these. A trial
 * is the same where all that it is trained from is: then the values of both axes, to the last bit.
 */
export class KeptRuns {
  /** The latest last. */
  private kept: readonly Kept[] = [];

  constructor(private readonly most = MOST_TRIALS) {}

  /** @param made by what: outcomes are taken over only for the same */
  keep(experiment: Experiment, table: ResultTable, made: string): void {
    const others = this.kept.filter((other) => other.table !== table);
    let trials = 0;
    this.kept = [...others, { experiment, table, made }]
      .reverse()
      .filter((one) => (trials += one.table.trials) <= this.most)
      .reverse();
  }

  /** What is known of the trials of an experiment, by their index there. */
  known(experiment: Experiment, made: string): ResultBatch {
    const grid = gridOf(experiment);
    const known = new Set<number>();
    const batches: ResultBatch[] = [];
    for (const kept of this.kept.toReversed()) {
      if (kept.made !== made || !sameButPlaces(kept.experiment, experiment)) continue;
      const from = gridOf(kept.experiment);
      const columns = shared(experiment.axes.x, kept.experiment.axes.x);
      const rows = shared(experiment.axes.y, kept.experiment.axes.y);
      if (columns.length === 0) continue;
      const [trials, others]: [number[], number[]] = [[], []];
      for (let arm = 0; arm < grid.arms; arm += 1)
        for (let replicate = 0; replicate < grid.replicates; replicate += 1)
          for (const [iy, otherY] of rows)
            for (const [ix, otherX] of columns) {
              const trial = trialIndex(grid, { arm, replicate, ix, iy });
              const other = trialIndex(from, { arm, replicate, ix: otherX, iy: otherY });
              if (known.has(trial) || !kept.table.isFinished(other)) continue;
              known.add(trial);
              trials.push(trial);
              others.push(other);
            }
      batches.push(gathered(kept.table, others, trials));
    }
    return joinBatches(batches);
  }
}

/** Indexes of the points that two axes have in common; of two axes that are not there, the one row. */
function shared(axis: Axis | undefined, other: Axis | undefined): [index: number, other: number][] {
  if (!axis || !other) return axis === other ? [[0, 0]] : [];
  const indexes = new Map(Array.from(axisValues(other), (value, index) => [value, index]));
  return Array.from(axisValues(axis)).flatMap((value, index): [number, number][] => {
    const found = indexes.get(value);
    return found === undefined ? [] : [[index, found]];
  });
}

/** Whether two experiments train, and measure, the same at the same values of their axes. */
export function sameButPlaces(a: Experiment, b: Experiment): boolean {
  if (a === b) return true;
  const sameAxis = (one?: Axis, other?: Axis) => one?.parameter === other?.parameter;
  if (!sameAxis(a.axes.x, b.axes.x) || !sameAxis(a.axes.y, b.axes.y)) return false;
  if (!sameMeasures(a, b)) return false;
  if (a.replicates !== b.replicates || a.arms.length !== b.arms.length) return false;
  const [x, y] = [axisValues(a.axes.x)[0]!, a.axes.y && axisValues(a.axes.y)[0]!];
  return a.arms.every((_, arm) => isEqual(trialDocument(a, arm, 0, x, y), trialDocument(b, arm, 0, x, y)));
}

/** How many cells of a map a batch has all trials of. */
export function cellsOf(batch: ResultBatch, experiment: Experiment): number {
  const grid = gridOf(experiment);
  const counts = new Map<number, number>();
  for (const trial of batch.trial) {
    const { ix, iy } = cellOf(grid, trial);
    const cell = iy * grid.nx + ix;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  const whole = grid.arms * grid.replicates;
  return [...counts.values()].filter((count) => count === whole).length;
}
