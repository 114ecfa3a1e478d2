import { gridOf } from '../../src/experiment/axes';
import type { Experiment } from '../../src/experiment/types';
import { ResultTable, type TrialResult } from '../../src/scheduler/results';
import type { Results } from '../../src/ui/map_picture';
import { trialResult } from '../trial_results';

/** Results of an experiment of which nothing is known yet. */
export function emptyResults(experiment: Experiment): Results {
  const grid = gridOf(experiment);
  return { table: new ResultTable(grid.trials), grid, steps: experiment.optimizer.steps, coarsest: 4 };
}

export function result(trial: number, of: TrialResult['class'], score?: number): TrialResult {
  return trialResult({ trial, class: of, ...(score !== undefined && { score }) });
}
