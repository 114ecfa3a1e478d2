import { expect, test } from 'vitest';
import { InfeasibleError } from '../../../src/scheduler/feasible';
import { batchOf } from '../../../src/scheduler/results';
import { LONGER } from '../../../src/training/outcome';
import { newRun, lengthened, shownResults, withLongerOutcomes, withOutcomes } from '../../../src/ui/map/run';
import { trialResult } from '../../trial_results';
import { smallExperiment } from './fake_client';

const slow = (trial: number) => trialResult({ trial, class: 'stalled', state: 'slow', score: 30 });

test('outcomes are entered, counted and scaled, and what shows them sees other results', () => {
  const run = newRun(smallExperiment());
  const results = Array.from({ length: 12 }, (_, trial) => trialResult({ trial, score: -(10 ** -trial) }));
  const next = withOutcomes(run, batchOf(results));
  expect(next.results).not.toBe(run.results);
  expect(next.results.counts.arms[0]).toMatchObject({ converged: 12, unfinished: 0 });
  expect(next.scale.range.good).toBeLessThan(-2);
});

test('more trials than a tab can hold are refused', () => {
  const { axes, ...rest } = smallExperiment();
  const huge = { ...axes, x: { ...axes.x, count: 4096 }, y: { ...axes.y!, count: 4096 } };
  expect(() => newRun({ ...rest, axes: huge, replicates: 64 })).toThrow(InfeasibleError);
});

test('slow trials are trained on as a second set of results, which can be hidden', () => {
  const run = withOutcomes(newRun(smallExperiment()), batchOf([slow(2), trialResult({ trial: 3 }), slow(5)]));
  const { run: longer, slow: trials } = lengthened(run);
  expect(trials).toEqual([2, 5]);
  expect(longer.longer).toMatchObject({ trials: 2, done: 0, isShown: true });
  expect(shownResults(longer).table.isFinished(2)).toBe(false);
  expect(longer.results.table.stateOf(2)).toBe('slow');

  const done = withLongerOutcomes(longer, batchOf([trialResult({ trial: 2, score: -50 })]));
  expect(done.longer).toMatchObject({ done: 1 });
  expect(shownResults(done).counts.arms[0]).toMatchObject({ converged: 2, slow: 0 });
  expect(shownResults(done).table.score[2]).toBe(-50 / LONGER);
  expect(shownResults({ ...done, longer: { ...done.longer!, isShown: false } })).toBe(done.results);
  expect(withLongerOutcomes(run, batchOf([slow(2)]))).toBe(run);
});
