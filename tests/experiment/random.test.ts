import { describe, expect, test } from 'vitest';
import { matrixIndex, normal, PURPOSE, uniform, type Purpose } from '../../src/experiment/random';
import { philox } from '../../src/reference/philox';

const COUNT = 20_000;
const indices = Array.from({ length: COUNT }, (_, i) => i);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('minibatches keep the purpose that the gather kernel has in WGSL', () => {
  expect(PURPOSE.minibatch).toBe(2);
  expect(new Set(Object.values(PURPOSE)).size).toBe(Object.keys(PURPOSE).length);
});

test('a uniform number is the top 24 bits of the block of (seed, purpose), (layer, index, step, 0)', () => {
  const [word] = philox([7, PURPOSE.data], [3, 5, 11, 0]);
  expect(uniform(7, 'data', 3, 5, 11)).toBe(((word >>> 8) + 0.5) / 2 ** 24);
});

describe('normal', () => {
  test('has the moments of N(0, 1), within five standard errors', () => {
    const values = indices.map((index) => normal(1, 'data', 0, index));
    expect(Math.abs(mean(values))).toBeLessThan(5 / Math.sqrt(COUNT));
    expect(Math.abs(mean(values.map((z) => z ** 2)) - 1)).toBeLessThan(5 * Math.sqrt(2 / COUNT));
    expect(Math.abs(mean(values.map((z) => z ** 3)))).toBeLessThan(5 * Math.sqrt(15 / COUNT));
    expect(Math.abs(mean(values.map((z) => z ** 4)) - 3)).toBeLessThan(5 * Math.sqrt(96 / COUNT));
  });

  test.each<[string, [number, Purpose, number, number, number]]>([
    ['seed', [2, 'data', 0, 0, 0]],
    ['purpose', [1, 'weights', 0, 0, 0]],
    ['layer', [1, 'data', 1, 0, 0]],
    ['index', [1, 'data', 0, 1, 0]],
    ['step', [1, 'data', 0, 0, 1]],
  ])('depends on the %s', (_name, other) => {
    expect(normal(...other)).not.toBe(normal(1, 'data', 0, 0, 0));
  });
});

test('uniform lies inside (0, 1) and is even', () => {
  const values = indices.map((index) => uniform(1, 'data', 0, index));
  expect(Math.min(...values)).toBeGreaterThan(0);
  expect(Math.max(...values)).toBeLessThan(1);
  expect(Math.abs(mean(values) - 0.5)).toBeLessThan(5 / Math.sqrt(12 * COUNT));
});

test('the largest matrix has an index of 32 bits for each entry', () => {
  expect(matrixIndex(65535, 65535)).toBe(2 ** 32 - 1);
  expect(matrixIndex(1, 0)).toBe(65536);
});
