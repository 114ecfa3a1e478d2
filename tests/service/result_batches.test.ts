import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { batchOf, rowsOf, type ResultBatch, type TrialResult } from '../../src/scheduler/results';
import type { Progress } from '../../src/scheduler/sweep';
import { ResultBatches } from '../../src/service/result_batches';
import { trialResult } from '../trial_results';

let now = 0;
beforeEach(() => {
  now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

const resultOf = (trial: number, name: TrialResult['class']): TrialResult =>
  trialResult({ trial, class: name, score: trial });
const batch = (trial: number, name: TrialResult['class']) => batchOf([resultOf(trial, name)]);
const progressOf = (finished: number): Progress => ({
  trials: 9,
  finished,
  fraction: finished / 9,
  elapsed: 1,
  left: 1,
  trialSteps: 1,
});

function batches() {
  const sent: { rows: [number, string][]; finished: number | undefined }[] = [];
  const gathered = new ResultBatches((batch: ResultBatch, progress) =>
    sent.push({
      rows: rowsOf(batch).map(({ trial, class: name }) => [trial, name]),
      finished: progress?.finished,
    }),
  );
  return { gathered, sent };
}

test('are sent as often as a person sees, with the latest progress', () => {
  const { gathered, sent } = batches();
  gathered.listener.progress!(progressOf(1));
  gathered.listener.results(batch(3, 'converged'));
  now += 50;
  gathered.listener.progress!(progressOf(2));
  expect(sent).toHaveLength(1);
  gathered.listener.results(batch(4, 'stalled'));
  now += 50;
  gathered.listener.progress!(progressOf(3));
  expect(sent.slice(1)).toEqual([
    {
      rows: [
        [3, 'converged'],
        [4, 'stalled'],
      ],
      finished: 3,
    },
  ]);
  gathered.flush();
  expect(sent.at(-1)).toEqual({ rows: [], finished: 3 });
});

test('have of each wave the latest standing alone, before the outcomes', () => {
  const { gathered, sent } = batches();
  const [one, other] = [{}, {}];
  const never = () => {
    throw new Error('made, though nobody looks at it');
  };
  gathered.listener.standing!(one, never);
  gathered.listener.standing!(other, () => batch(7, 'training'));
  gathered.listener.results(batch(5, 'diverged'));
  gathered.listener.standing!(one, () => batch(6, 'training'));
  gathered.flush();
  expect(sent[0]!.rows).toEqual([
    [6, 'training'],
    [7, 'training'],
    [5, 'diverged'],
  ]);
});
