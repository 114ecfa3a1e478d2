import { gridOf } from '../../src/experiment/axes';
import type { Experiment } from '../../src/experiment/types';
import { ResultTable, type TrialResult } from '../../src/scheduler/results';
import type { Results } from '../../src/ui/map_picture';

/** Results of an experiment of which nothing is known yet. */
export function emptyResults(experiment: Experiment): Results {
  const grid = gridOf(experiment);
  return { table: new ResultTable(grid.trials), grid, steps: experiment.optimizer.steps, coarsest: 4 };
}

export function result(
  trial: number,
  of: TrialResult['class'],
  score = of === 'converged' ? -20 : 20,
): TrialResult {
  return {
    trial,
    class: of,
    score,
    lossInitial: 1,
    lossFinal: 0.25,
    lossMin: 0.2,
    divergedAt: of === 'diverged' ? 7 : -1,
  };
}
