import { describe, expect, test } from 'vitest';
import { activationBackward, activationForward, ACTIVATIONS } from '../../src/reference/activation';
import golden from '../golden/kernels.json';

const gain = Float64Array.of(1);

/** The identity's case would be no case. */
const names = Object.keys(ACTIVATIONS).filter((name) => name !== 'identity');

describe.each(names)('%s as in PyTorch', (name) => {
  const call = { ACTIVATION: Object.keys(ACTIVATIONS).indexOf(name) };
  const cases = golden.activation.filter((entry) => entry.name === name);

  test('is in the golden file', () => expect(cases.length).toBeGreaterThan(0));

  test.each(cases)('forward', ({ z, y: expected }) => {
    const y = new Float64Array(z.length);
    activationForward({ x: Float64Array.from(z), gain, y }, call);
    expectRelative(y, expected);
  });

  test.each(cases)('backward', ({ y, dy, dz: expected }) => {
    const dx = new Float64Array(y.length);
    activationBackward({ kept: Float64Array.from(y), dy: Float64Array.from(dy), gain, dx }, call);
    expectRelative(dx, expected);
  });
});

function expectRelative(actual: Float64Array, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  const wrong = expected
    .map((wanted, i) => ({ i, wanted, found: actual[i]! }))
    .filter(({ wanted, found }) => !(Math.abs(found - wanted) <= 1e-12 * Math.abs(wanted)));
  expect(wrong).toEqual([]);
}
