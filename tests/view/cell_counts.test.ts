import { describe, expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import { batchOf, type TrialResult } from '../../src/scheduler/results';
import { CellCounts } from '../../src/view/cell_counts';
import { withSide } from '../../src/service/grid_choice';
import { mulberry32 } from '../mulberry32';
import { trialResult } from '../trial_results';
import { emptyResults } from './map_results';

const experiment = withSide(presetExperiment('init-gain'), 4);

test('cells are counted by what became of them, and by how the arms differ', () => {
  const { counts } = emptyResults(experiment);
  const states = ['converged', 'slow', 'stuck', 'stuck', 'dead'] as const;
  const first = states.map((state, trial) => trialResult({ trial, state, lossFinal: trial === 3 ? 2 : 0.5 }));
  counts.enter(batchOf([...first, trialResult({ trial: 5, class: 'training' })]));
  const none = { converged: 0, already: 0, slow: 0, stuck: 0, risen: 0, diverged: 0, dead: 0 };
  const some = { ...none, converged: 1, slow: 1, stuck: 1, risen: 1, dead: 1 };
  expect(counts.arms).toEqual([
    { ...some, unfinished: 11 },
    { ...none, unfinished: 16 },
  ]);
  expect(counts.differences).toEqual({ rescued: 0, broken: 0, both: 0, neither: 0 });
  counts.enter(
    batchOf(
      [0, 1, 2].map((cell) => trialResult({ trial: 16 + cell, state: cell === 2 ? 'dead' : 'already' })),
    ),
  );
  expect(counts.differences).toEqual({ rescued: 1, broken: 0, both: 1, neither: 1 });
  expect(counts.slow).toBe(1);
});

describe.each([1, 3])('of %i replicates', (replicates) => {
  test('counts that are kept up are those of the whole table', () => {
    const random = mulberry32(replicates);
    const { table, grid, counts } = emptyResults({ ...experiment, replicates });
    const states = ['converged', 'already', 'slow', 'stuck', 'diverged', 'dead'] as const;
    const classes = ['converged', 'converged', 'stalled', 'stalled', 'diverged', 'converged'] as const;
    for (let round = 0; round < 60; round += 1) {
      const batch = Array.from({ length: 5 }, (): TrialResult => {
        const kind = Math.floor(7 * random());
        const trial = Math.floor(grid.trials * random());
        const lossFinal = 2 * random();
        return kind === 6
          ? trialResult({ trial, class: 'training' })
          : trialResult({ trial, class: classes[kind]!, state: states[kind]!, lossFinal, score: random() });
      });
      const once = [...new Map(batch.map((result) => [result.trial, result])).values()];
      counts.enter(batchOf(once));
      expect(counts, `round ${round}`).toEqual(CellCounts.of(table, grid));
    }
    const cells = Object.values(counts.arms[1]!).reduce((sum, count) => sum + count);
    expect(cells).toBe(grid.cells);
  });
});
