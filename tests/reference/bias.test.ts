import { expect, test } from 'vitest';
import { biasBackward } from '../../src/reference/bias';
import { biasForward } from '../../src/reference/bias';
import { dot, finiteDifference } from './finite_difference';

test('backward is the derivative of forward', () => {
  const size = { rows: 3, cols: 2 };
  const dz = Float64Array.of(0.5, -1, 2, 0.25, -3, 0.1);
  const z = Float64Array.of(1, 2, 3, 4, 5, 6);
  const gradient = Float64Array.of(9, 9); // replaced, not added to
  biasBackward({ dz, gradient }, size);
  const expected = finiteDifference(
    (bias) => {
      const shifted = z.slice();
      biasForward({ bias, z: shifted }, size);
      return dot(dz, shifted);
    },
    Float64Array.of(0.3, -0.8),
  );
  for (const [j, wanted] of expected.entries()) expect(gradient[j]).toBeCloseTo(wanted, 7);
});
