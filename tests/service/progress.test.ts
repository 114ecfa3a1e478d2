import { expect, test } from 'vitest';
import { mergeProgress } from '../../src/service/progress';

test('workers that share a sweep count as one', () => {
  const part = { trials: 10, finished: 5, fraction: 0.5, elapsed: 2, left: 2, trialSteps: 100 };
  expect(mergeProgress([part, { ...part, trials: 30, fraction: 0.1, left: 18 }])).toEqual({
    trials: 40,
    finished: 10,
    fraction: 0.2,
    elapsed: 2,
    left: 18,
    trialSteps: 200,
  });
});
