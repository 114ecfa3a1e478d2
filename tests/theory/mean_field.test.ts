import { expect, test } from 'vitest';
import { gradientGrowth } from '../../src/theory/mean_field';

test('h: by how much a gradient grows through φ(BN(z))', () => {
  expect(gradientGrowth('relu')).toBeCloseTo(Math.PI / (Math.PI - 1), 5);
  expect(gradientGrowth('tanh')).toBeCloseTo(1.178, 3);
  expect(gradientGrowth('sigmoid')).toBeCloseTo(1.034, 3);
  expect(gradientGrowth('identity')).toBeCloseTo(1, 9);
});
