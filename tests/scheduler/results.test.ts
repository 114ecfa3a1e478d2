import { describe, expect, test } from 'vitest';
import {
  batchOf,
  CLASS_NUMBER,
  joinBatches,
  ResultTable,
  rowsOf,
  type TrialResult,
} from '../../src/scheduler/results';
import { CLASSES } from '../../src/training/outcome';
import { trialResult } from '../trial_results';

const result = trialResult({
  trial: 2,
  class: 'diverged',
  score: 3.5,
  lossFinal: Infinity,
  lossMax: Infinity,
  lossMin: 0.25,
});

test('a trial waits, trains, and has an outcome', () => {
  const table = new ResultTable(4);
  expect([...table.class]).toEqual([4, 4, 4, 4].fill(CLASS_NUMBER.waiting));
  expect([...table.divergedAt]).toEqual([-1, -1, -1, -1]);
  expect([table.isFinished(2), table.classOf(2)]).toEqual([false, undefined]);

  table.set({ ...result, class: 'training', divergedAt: -1 });
  expect([table.class[2], table.score[2]]).toEqual([CLASS_NUMBER.training, 3.5]);
  expect([table.isFinished(2), table.classOf(2), table.stateOf(2)]).toEqual([false, undefined, undefined]);

  table.set(result);
  expect([table.isFinished(2), table.classOf(2), table.stateOf(2)]).toEqual([true, 'diverged', 'diverged']);
  const { score, lossInitial, lossFinal, lossMin, divergedAt } = table;
  expect([score, lossInitial, lossFinal, lossMin, divergedAt].map((column) => column[2])).toEqual([
    3.5,
    1,
    Infinity,
    0.25,
    7,
  ]);
  expect([0, 1, 3].some((trial) => table.isFinished(trial))).toBe(false);
});

test.each(CLASSES)('%s is an outcome', (name) => {
  const table = new ResultTable(3);
  table.set({ ...result, class: name });
  expect([table.isFinished(2), table.classOf(2)]).toEqual([true, name]);
  expect(CLASSES[CLASS_NUMBER[name]]).toBe(name);
});

describe('a batch', () => {
  const training: TrialResult = {
    ...result,
    trial: 0,
    class: 'training',
    lossFinal: Number.NaN,
    divergedAt: -1,
  };
  const converged: TrialResult = { ...result, trial: 3, class: 'converged', score: -Infinity };

  test('holds results unchanged, and so do batches that are joined', () => {
    const rows = [training, result, converged];
    expect(rowsOf(batchOf(rows))).toEqual(rows);
    const parts = [rows.slice(0, 1), [], rows.slice(1)].map(batchOf);
    expect(joinBatches(parts)).toEqual(batchOf(rows));
    expect(rowsOf(joinBatches([]))).toEqual([]);
  });

  test('is entered into a table as its results are, the later of a trial counting', () => {
    const rows = [training, result, { ...converged, trial: 0 }];
    const [entered, set] = [new ResultTable(4), new ResultTable(4)];
    entered.enter(batchOf(rows));
    for (const row of rows) set.set(row);
    expect(entered).toEqual(set);
    expect(entered.classOf(0)).toBe('converged');
  });
});
