import { expect, test } from 'vitest';
import { batchNormChainLargestRate } from '../../src/theory/batch_norm_chain';

/** |γw − t| after gradient descent on ½(γw − t)², which is what batch norm leaves of a chain. */
function descend(affine: 'trained' | 'frozen', target: number, rate: number): number {
  let gamma = 1;
  let w = 0.9 * target;
  for (let t = 0; t < 2000; t += 1) {
    const residual = gamma * w - target;
    const step = rate * residual;
    [gamma, w] = [affine === 'trained' ? gamma - step * w : 1, w - step * gamma];
  }
  return Math.abs(gamma * w - target);
}

test.each([
  ['trained', 1, 1],
  ['frozen', 1, 2],
  ['trained', 1.5, 2 / 3],
  ['frozen', 1.5, 2],
] as const)('γ and β %s, target %f: %f', (affine, target, expected) => {
  const edge = batchNormChainLargestRate(affine, target);
  expect(edge).toBeCloseTo(expected, 12);
  expect(descend(affine, target, 0.98 * edge)).toBeLessThan(1e-9);
  expect(descend(affine, target, 1.02 * edge)).not.toBeLessThan(0.01);
});
