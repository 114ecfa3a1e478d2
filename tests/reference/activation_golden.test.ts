import { describe, expect, test } from 'vitest';
import { reluBackward } from '../../src/reference/relu_backward';
import { reluForward } from '../../src/reference/relu_forward';
import { sigmoidBackward } from '../../src/reference/sigmoid_backward';
import { sigmoidForward } from '../../src/reference/sigmoid_forward';
import { tanhBackward } from '../../src/reference/tanh_backward';
import { tanhForward } from '../../src/reference/tanh_forward';
import golden from '../golden/kernels.json';

const TWINS = {
  relu: { forward: reluForward, backward: reluBackward },
  sigmoid: { forward: sigmoidForward, backward: sigmoidBackward },
  tanh: { forward: tanhForward, backward: tanhBackward },
};

const gain = Float64Array.of(1);

describe.each(Object.entries(TWINS))('%s as in PyTorch', (name, { forward, backward }) => {
  const cases = golden.activation.filter((entry) => entry.name === name);

  test('is in the golden file', () => expect(cases.length).toBeGreaterThan(0));

  test.each(cases)('forward', ({ z, y: expected }) => {
    const y = new Float64Array(z.length);
    forward({ x: Float64Array.from(z), gain, y }, {});
    expectRelative(y, expected);
  });

  test.each(cases)('backward', ({ y, dy, dz: expected }) => {
    const dx = new Float64Array(y.length);
    backward({ y: Float64Array.from(y), dy: Float64Array.from(dy), gain, dx }, {});
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
