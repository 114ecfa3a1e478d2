import { gridOf } from '../../src/experiment/axes';
import type { Experiment } from '../../src/experiment/types';
import { ResultTable, type TrialResult } from '../../src/scheduler/results';
import { stepsOf } from '../../src/scheduler/trial_source';
import { CellCounts } from '../../src/view/cell_counts';
import type { Results } from '../../src/view/map_picture';
import { trialResult } from '../trial_results';

/** Results of an experiment of which nothing is known yet. */
export function emptyResults(experiment: Experiment): Results {
  const grid = gridOf(experiment);
  const table = new ResultTable(grid.trials);
  const counts = new CellCounts(table, grid);
  return { table, grid, stepsOf: stepsOf(experiment), counts, coarsest: 4 };
}

export function result(trial: number, of: TrialResult['class'], score?: number): TrialResult {
  return trialResult({ trial, class: of, ...(score !== undefined && { score }) });
}
