import { trialIndex, type Grid } from '../experiment/axes';
import { CLASS_NUMBER, type ResultTable } from '../scheduler/results';
import { trains } from '../training/outcome';

/**
 * The trial that stands for a cell of an arm: the median outcome of its replicates, or the furthest there is while none has finished.
 * Nothing while all of them wait.
 */
export function representative(
  table: ResultTable,
  grid: Grid,
  arm: number,
  ix: number,
  iy: number,
): number | undefined {
  const first = trialIndex(grid, { arm, replicate: 0, iy, ix });
  if (grid.replicates === 1) return table.class[first] === CLASS_NUMBER.waiting ? undefined : first;
  const trials = Array.from({ length: grid.replicates }, (_, replicate) => first + replicate * grid.cells);
  const finished = trials.filter((trial) => table.isFinished(trial));
  if (finished.length === 0) return trials.find((trial) => table.class[trial] === CLASS_NUMBER.training);
  // Best first: within every class the higher score is the better outcome.
  finished.sort((a, b) => table.class[a]! - table.class[b]! || table.score[b]! - table.score[a]!);
  return finished[(finished.length - 1) >> 1];
}

/** Of the seeds of a cell that have finished, how many train. */
export function seedsThatTrain(
  table: ResultTable,
  grid: Grid,
  arm: number,
  ix: number,
  iy: number,
): { trained: number; finished: number } {
  const first = trialIndex(grid, { arm, replicate: 0, iy, ix });
  let [trained, finished] = [0, 0];
  for (let replicate = 0; replicate < grid.replicates; replicate += 1) {
    const state = table.stateOf(first + replicate * grid.cells);
    if (state) finished += 1;
    if (state && trains(state)) trained += 1;
  }
  return { trained, finished };
}
