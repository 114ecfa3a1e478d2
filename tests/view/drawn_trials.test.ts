import { expect, test } from 'vitest';
import { evenly, mostDrawn, MOST_DRAWN } from '../../src/view/drawn_trials';

test('of many trials some are drawn, evenly; fewer of long ones', () => {
  expect(evenly([1, 2, 3], 5)).toEqual([1, 2, 3]);
  expect(
    evenly(
      Array.from({ length: 100 }, (_, i) => i),
      4,
    ),
  ).toEqual([12, 37, 62, 87]);
  expect(mostDrawn(100, 2)).toBe(MOST_DRAWN);
  expect(mostDrawn(100_000, 2)).toBe(10);
  expect(mostDrawn(1e6, 8)).toBe(1);
});
