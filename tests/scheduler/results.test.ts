import { expect, test } from 'vitest';
import { CLASS_NUMBER, ResultTable, type TrialResult } from '../../src/scheduler/results';
import { CLASSES } from '../../src/training/outcome';

const result: TrialResult = {
  trial: 2,
  class: 'diverged',
  score: 3.5,
  lossInitial: 1,
  lossFinal: Infinity,
  lossMin: 0.25,
  divergedAt: 7,
};

test('a trial waits, trains, and has an outcome', () => {
  const table = new ResultTable(4);
  expect([...table.class]).toEqual([4, 4, 4, 4].fill(CLASS_NUMBER.waiting));
  expect([...table.divergedAt]).toEqual([-1, -1, -1, -1]);
  expect([table.isFinished(2), table.classOf(2)]).toEqual([false, undefined]);

  table.set({ ...result, class: 'training', divergedAt: -1 });
  expect([table.class[2], table.score[2]]).toEqual([CLASS_NUMBER.training, 3.5]);
  expect([table.isFinished(2), table.classOf(2)]).toEqual([false, undefined]);

  table.set(result);
  expect([table.isFinished(2), table.classOf(2)]).toEqual([true, 'diverged']);
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
