import { expect, test } from 'vitest';
import { partingOf, partingWords } from '../../src/view/float64_check';

const of = (...losses: number[]) => Float64Array.from(losses);

test('two curves part at the first step at which they are more than 1 % apart', () => {
  expect(partingOf([1, 1.001, 1.02, 1.005], [1, 1, 1, 1])).toEqual({
    largest: expect.closeTo(0.02),
    at: 2,
    parts: 2,
  });
  expect(partingOf([1, 1.001], [1, 1, 1])).toMatchObject({ at: 1, parts: undefined });
});

test('what is not finite in both is the same; in one of them only it is as far apart as can be', () => {
  expect(partingOf([1, Number.NaN], [1, Infinity])).toMatchObject({ largest: 0, parts: undefined });
  expect(partingOf([1, Infinity], [1, 1e30])).toEqual({ largest: Infinity, at: 1, parts: 1 });
  expect(partingOf([0, 1], [0, 0])).toEqual({ largest: Infinity, at: 1, parts: 1 });
});

test('is told in words', () => {
  expect(partingWords(of(1, 1.00002), of(1, 1), 2)).toBe(
    'never more than 1 % from float64, largest difference 0.002 % at step 1',
  );
  expect(partingWords(of(1, 1.5, 3), of(1, 1), 3)).toBe(
    'first more than 1 % from float64 at step 1, largest difference 50 % at step 1; it ends after 3 steps, in float64 after 2',
  );
  expect(partingWords(of(1, 2), of(1, 2), 2)).toBe('the same in float64, to the last digit');
  expect(partingWords(of(1, 2, 3), of(1, 2), 2)).toBe(
    'in the first 2 steps the same in float64, to the last digit',
  );
  expect(partingWords(of(1, Infinity), of(1, 2), 2)).toMatch(/only one is finite at step 1$/);
});
