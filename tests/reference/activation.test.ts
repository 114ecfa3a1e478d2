import { describe, expect, test } from 'vitest';
import { identityBackward } from '../../src/reference/identity_backward';
import { identityForward } from '../../src/reference/identity_forward';
import { reluBackward } from '../../src/reference/relu_backward';
import { reluForward } from '../../src/reference/relu_forward';
import { sigmoidBackward } from '../../src/reference/sigmoid_backward';
import { sigmoidForward } from '../../src/reference/sigmoid_forward';
import { tanhBackward } from '../../src/reference/tanh_backward';
import { tanhForward } from '../../src/reference/tanh_forward';
import { dot, finiteDifference } from './finite_difference';

const PAIRS = {
  identity: [identityForward, identityBackward],
  relu: [reluForward, reluBackward],
  sigmoid: [sigmoidForward, sigmoidBackward],
  tanh: [tanhForward, tanhBackward],
} as const;

describe.each(Object.entries(PAIRS))('%s', (name, [forward, backward]) => {
  const x = Float64Array.of(-3.1, -1.2, -0.4, -0.01, 0.02, 0.3, 1.7, 2.9);
  const dy = Float64Array.of(1.3, -0.7, 2, 0.4, -1.1, 0.9, 0.2, -2.4);

  test.each([1, 0.35, -2])('backward is the derivative of forward, gain %d', (value) => {
    const gain = Float64Array.of(value);
    const forwardOf = (x: Float64Array) => {
      const y = new Float64Array(x.length);
      forward({ x, gain, y }, {});
      return y;
    };
    const dx = new Float64Array(x.length);
    backward({ y: forwardOf(x), dy, gain, dx }, {});
    const expected = finiteDifference((x) => dot(dy, forwardOf(x)), x);
    for (const [i, wanted] of expected.entries()) expect(dx[i]).toBeCloseTo(wanted, 7);
  });

  test('NaN stays NaN, both ways', () => {
    const gain = Float64Array.of(1);
    const y = new Float64Array(1);
    forward({ x: Float64Array.of(NaN), gain, y }, {});
    expect(y[0]).toBeNaN();
    const dx = new Float64Array(1);
    backward({ y, dy: Float64Array.of(1), gain, dx }, {});
    expect(dx[0], `${name}: of a linear function the derivative is 1 whatever the output`).toEqual(
      name === 'identity' ? 1 : NaN,
    );
  });
});
