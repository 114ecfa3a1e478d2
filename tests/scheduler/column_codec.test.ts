import { describe, expect, test } from 'vitest';
import {
  COLUMN_LAYOUT,
  DamageError,
  decodeBatch,
  encodeBatch,
  OUTCOME_BYTES,
  spansOf,
} from '../../src/scheduler/column_codec';
import { batchOf, CLASS_NUMBER, emptyBatch, rowsOf, type ResultBatch } from '../../src/scheduler/results';
import { COLUMN_ARRAYS, COLUMN_NAMES, columnOf } from '../../src/training/outcome_columns';
import { trialResult } from '../trial_results';

const TRIALS = 8;
const batch = batchOf([
  trialResult({ trial: 7, class: 'diverged', score: 0.1 + 0.2, lossFinal: NaN, lossMax: Infinity }),
  trialResult({ trial: 0, state: 'dead', score: -Math.PI, lossInitial: Number.MIN_VALUE, saturation: NaN }),
  trialResult({ trial: 3, class: 'stalled', lossFinal: -Infinity, lossMin: -0, saturation: 0.25 }),
]);

test('every number of every column comes back to the last bit', () => {
  const bytes = encodeBatch(batch);
  expect(bytes).toHaveLength(3 * OUTCOME_BYTES);
  expect(decodeBatch(bytes, TRIALS)).toEqual(batch);
  expect(decodeBatch(encodeBatch(emptyBatch(0)), TRIALS)).toEqual(emptyBatch(0));
});

test('some of the outcomes are read where they lie among all', () => {
  const bytes = encodeBatch(batch);
  const spans = spansOf(3, { first: 1, count: 2 });
  const some = spans.flatMap(({ start, length }) => [...bytes.subarray(start, start + length)]);
  const rows = rowsOf(decodeBatch(Uint8Array.from(some), TRIALS));
  expect(rows).toStrictEqual(rowsOf(batch).slice(1));
});

test('bytes that lie within others, at an odd place, are read where they lie', () => {
  const bytes = Uint8Array.from([9, ...encodeBatch(batch), 9]);
  expect(decodeBatch(bytes.subarray(1, -1), TRIALS)).toEqual(batch);
});

test('the layout names every column and its type', () => {
  const parts = COLUMN_LAYOUT.split(' ').map((part) => part.split(':'));
  expect(parts.map(([name]) => name)).toEqual(['trial', ...COLUMN_NAMES]);
  for (const [name, type] of parts.slice(1)) {
    const column = batch[name as keyof ResultBatch];
    expect(column).toBeInstanceOf(COLUMN_ARRAYS[type as keyof typeof COLUMN_ARRAYS]);
  }
});

describe('refused, for it is no outcome:', () => {
  const changed = (change: (batch: ResultBatch) => void) => {
    const wrong = batchOf([trialResult({ trial: 1 })]);
    change(wrong);
    return () => decodeBatch(encodeBatch(wrong), TRIALS);
  };

  test.each<[what: string, decode: () => unknown, words: string]>([
    ['a byte too few', () => decodeBatch(encodeBatch(batch).subarray(1), TRIALS), 'bytes, of'],
    ['a byte too many', () => decodeBatch(Uint8Array.of(0, ...encodeBatch(batch)), TRIALS), 'bytes, of'],
    ['a trial beyond the grid', changed(({ trial }) => trial.fill(TRIALS)), `no such trial: ${TRIALS}`],
    ['a trial that trains', changed((b) => b.class.fill(CLASS_NUMBER.training)), 'no such class: 3'],
    ['a trial that waits', changed((b) => b.class.fill(CLASS_NUMBER.waiting)), 'no such class: 4'],
    ['a step before −1', changed((b) => b.divergedAt.fill(-2)), 'no such divergedAt: -2'],
    ...COLUMN_NAMES.filter((name) => columnOf(name).names).map((name): [string, () => unknown, string] => [
      `a ${name} without a name`,
      changed((b) => b[name].fill(columnOf(name).names!.length)),
      `no such ${name}: ${columnOf(name).names!.length}`,
    ]),
  ])('%s', (_what, decode, words) => {
    expect(decode).toThrow(DamageError);
    expect(decode).toThrow(words);
  });
});
