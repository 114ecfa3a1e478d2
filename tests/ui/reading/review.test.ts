import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { batchOf } from '../../../src/scheduler/results';
import { boundariesOf } from '../../../src/ui/reading/boundaries';
import { Review } from '../../../src/ui/reading/review';
import { newRun, withOutcomes, type Run } from '../../../src/ui/map/run';
import { trialResult } from '../../trial_results';
import { smallExperiment } from '../map/fake_client';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const finished = (run: Run, trial: number) =>
  withOutcomes(run, batchOf([trialResult({ trial, class: trial % 2 ? 'diverged' : 'converged' })]));

test('results are looked at once, soon; meanwhile what was found before stands, but not of another run', () => {
  const looked: Run[] = [];
  const review = new Review((run) => looked.push(run));
  let changes = 0;
  review.addEventListener('change', () => (changes += 1));
  const first = newRun(smallExperiment());
  expect(review.of(first)).toBeUndefined();
  expect(review.of(first)).toBeUndefined();
  vi.runAllTimers();
  expect([review.of(first), changes]).toEqual([1, 1]);
  const later = finished(first, 0);
  expect(review.of(later)).toBe(1);
  vi.runAllTimers();
  expect([review.of(later), looked]).toEqual([2, [first, later]]);
  expect(review.of(newRun(smallExperiment()))).toBeUndefined();
});

test('a look that takes long is followed by a long rest', () => {
  const review = new Review(() => vi.advanceTimersByTime(100));
  const run = newRun(smallExperiment());
  review.of(run);
  vi.advanceTimersByTime(1);
  let changes = 0;
  review.addEventListener('change', () => (changes += 1));
  review.of(finished(run, 0));
  vi.advanceTimersByTime(700);
  expect(changes).toBe(0);
  vi.advanceTimersByTime(300);
  expect(changes).toBe(1);
});

test('the boundaries of both arms are found, each on its own map', () => {
  const run = [0, 1, 12].reduce(finished, newRun(smallExperiment()));
  const [first, second] = boundariesOf(run);
  expect([first!.path, second!.path]).toEqual(['M1 3V2', '']);
  expect([first!.counts, first!.dimension]).toEqual([[], undefined]);
});
