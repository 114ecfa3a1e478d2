import { expect, test } from 'vitest';
import { gridOf, trialIndex } from '../../src/experiment/axes';
import { presetExperiment } from '../../src/experiment/presets';
import { zoomed, type AxisView } from '../../src/experiment/zoom';
import { ResultTable } from '../../src/scheduler/results';
import { withSide } from '../../src/service/grid_choice';
import { cellsOf, KeptRuns } from '../../src/service/kept_runs';
import { withSetting } from '../../src/ui/experiment/edit_experiment';
import { runSweep } from '../sweeps';
import { ReferenceEngine } from '../../src/training/reference_engine';

const SIDE = 8;
const whole = withSide(withSetting(presetExperiment('chain'), 'optimizer.steps', 5), SIDE);
const view = (level: number, centre = 0.5) => {
  const axis: AxisView = { level, centre };
  return zoomed(whole, { x: axis, y: axis });
};
const trained = async (experiment: typeof whole) =>
  (await runSweep(experiment, async () => new ReferenceEngine())).results;

test('what is kept of a coarser view is, to the last bit, what a finer one would train', async () => {
  const kept = new KeptRuns();
  kept.keep(whole, await trained(whole), 'here');
  const finer = view(1);
  const known = kept.known(finer, 'here');
  expect(cellsOf(known, finer)).toBe(SIDE ** 2 / 4);
  const anew = await trained(finer);
  for (const [at, trial] of known.trial.entries())
    for (const column of ['class', 'score', 'lossFinal', 'lossInitial'] as const)
      expect(known[column][at], `${column} of ${trial}`).toBe(anew[column][trial]);
});

test('several views give what each has; unfinished trials are not known', () => {
  const kept = new KeptRuns();
  const { cells } = gridOf(whole);
  const table = (experiment: typeof whole, finished: (cell: number) => boolean) => {
    const made = new ResultTable(gridOf(experiment).trials);
    for (let trial = 0; trial < made.trials; trial += 1) if (finished(trial % cells)) made.class[trial] = 0;
    return made;
  };
  kept.keep(
    view(1),
    table(view(1), () => true),
    'here',
  );
  kept.keep(
    whole,
    table(whole, (cell) => cell % 2 === 0),
    'here',
  );
  const moved = view(1, 0.7);
  const known = kept.known(moved, 'here');
  const { nx, replicates, ny } = gridOf(moved);
  const has = new Set(known.trial);
  expect(cellsOf(known, moved)).toBeGreaterThan(cells / 2);
  expect(cellsOf(known, moved)).toBeLessThan(cells);
  expect(has.has(trialIndex({ nx, ny, replicates }, { arm: 0, replicate: 0, ix: 0, iy: 0 }))).toBe(true);
});

test('nothing is kept for what trains otherwise, was made otherwise, or would be too much', async () => {
  const table = await trained(whole);
  const kept = new KeptRuns(2 * table.trials);
  kept.keep(whole, table, 'here');
  const count = (experiment: typeof whole, made = 'here') => kept.known(experiment, made).trial.length;
  expect(count(whole)).toBe(table.trials);
  expect(count(whole, 'elsewhere')).toBe(0);
  expect(count(withSetting(whole, 'seed', 2))).toBe(0);
  expect(count(withSetting(whole, 'optimizer.steps', 6))).toBe(0);
  expect(count({ ...whole, name: 'another' })).toBe(table.trials);
  for (const level of [1, 2]) kept.keep(view(level), new ResultTable(table.trials), 'here');
  expect(count(whole)).toBe(0);
});
