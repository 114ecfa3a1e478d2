import { expect, test } from 'vitest';
import type { Look } from '../../src/measures/along_training';
import {
  bandPicks,
  gradientChange,
  lookCurves,
  LookTable,
  lossVariation,
  meanCosine,
  sharpnessCurves,
  shiftByLayer,
  startAndMedian,
} from '../../src/view/looks';

/** A look in which nothing was measured but what is told. */
const look = (trial: number, step: number, found: Partial<Look> = {}): Look => ({
  trial,
  step,
  loss: 1,
  gradientNorm: 1,
  ...found,
});

const tableOf = (looks: readonly Look[], diverged: { trial: number; step: number }[] = []) => {
  const table = new LookTable(2);
  for (const one of looks) table.enter({ looks: [one], diverged: [] });
  table.enter({ looks: [], diverged });
  return table;
};

const shift = (...cosines: number[]) =>
  cosines.map((cosine, i) => ({ gradient: 1, after: 1, difference: i, cosine }));

test('curves lie over the steps of all trials; one that diverged has ended', () => {
  const landscape = (least: number, most: number) =>
    ({
      landscape: { loss: [least, most], predictiveness: [0, 0], beta: most },
    }) as const;
  const table = tableOf(
    [look(0, 0, landscape(1, 2)), look(1, 0, landscape(3, 4)), look(1, 5, landscape(5, 6))],
    [{ trial: 0, step: 3 }],
  );
  expect(
    lookCurves(
      table,
      [0, 1],
      bandPicks((one) => one.landscape?.loss),
    ),
  ).toEqual([
    [0, 5],
    [2, null],
    [1, null],
    [4, 6],
    [3, 5],
  ]);
  expect([table.divergedAt(0), table.divergedAt(1), table.lastStep]).toEqual([3, undefined, 5]);
});

test('sharpness is drawn by its size, once more where it is below 0, and against the edge of stability', () => {
  const table = tableOf([
    look(0, 0, { sharpness: { value: -8, error: 0 } }),
    look(0, 5, { sharpness: { value: 4, error: 0 } }),
    look(1, 0, { sharpness: { value: 2, error: 0 } }),
  ]);
  expect(sharpnessCurves(table, [0, 1], 4)).toEqual([
    [0, 5],
    [8, 4],
    [2, null],
    [8, null],
    [null, null],
    [4, 4],
  ]);
});

test('the shift by layer is that of a step’s look, and none of a trial that was over by then', () => {
  const table = tableOf([
    look(0, 0, { shift: shift(1, 0.9) }),
    look(0, 5, { shift: shift(1, 0.5) }),
    look(1, 0, { shift: shift(1, 0.7) }),
  ]);
  expect(shiftByLayer(table, [0, 1], 0, 'cosine')).toEqual([
    [1, 2],
    [1, 0.9],
    [1, 0.7],
  ]);
  expect(shiftByLayer(table, [0, 1], 5, 'difference')).toEqual([
    [1, 2],
    [0, 1],
    [null, null],
  ]);
  expect(shiftByLayer(new LookTable(1), [0], 5, 'cosine')).toEqual([[], []]);
});

test('figures are told at the start, and as a median over the looks', () => {
  const found = (loss: number, most: number) =>
    ({ loss, gradientNorm: 2, landscape: { loss: [1, most], predictiveness: [0, 6], beta: most } }) as const;
  const table = tableOf([look(0, 0, found(2, 5)), look(0, 1, found(1, 1)), look(0, 2, found(1, 2))]);
  expect(startAndMedian(table, 0, lossVariation)).toEqual({ start: 2, median: 1 });
  expect(startAndMedian(table, 0, gradientChange)).toEqual({ start: 3, median: 3 });
  expect(startAndMedian(table, 1, lossVariation)).toBeUndefined();
  expect(meanCosine(look(0, 0, { shift: shift(1, 0.5, 0) }))).toBe(0.25); // the first layer cannot turn
  expect(meanCosine(look(0, 0, { shift: shift(1) }))).toBeUndefined();
});
