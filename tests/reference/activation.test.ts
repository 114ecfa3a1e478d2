import { describe, expect, test } from 'vitest';
import {
  activationBackward,
  activationForward,
  ACTIVATIONS,
  type ActivationFunction,
} from '../../src/reference/activation';
import { dot, finiteDifference } from './finite_difference';

describe.each(Object.entries<ActivationFunction>(ACTIVATIONS))('%s', (name, { derivativeFrom }) => {
  const call = { ACTIVATION: Object.keys(ACTIVATIONS).indexOf(name) };
  const x = Float64Array.of(-3.1, -1.2, -0.4, -0.01, 0.02, 0.3, 1.7, 2.9);
  const dy = Float64Array.of(1.3, -0.7, 2, 0.4, -1.1, 0.9, 0.2, -2.4);

  test.each([1, 0.35, -2])('backward is the derivative of forward, gain %d', (value) => {
    const gain = Float64Array.of(value);
    const forwardOf = (x: Float64Array) => {
      const y = new Float64Array(x.length);
      activationForward({ x, gain, y }, call);
      return y;
    };
    const dx = new Float64Array(x.length);
    const kept = derivativeFrom === 'input' ? x : forwardOf(x);
    activationBackward({ kept, dy, gain, dx }, call);
    const expected = finiteDifference((x) => dot(dy, forwardOf(x)), x);
    for (const [i, wanted] of expected.entries()) expect(dx[i]).toBeCloseTo(wanted, 7);
  });

  test('NaN stays NaN, both ways', () => {
    const gain = Float64Array.of(1);
    const y = new Float64Array(1);
    activationForward({ x: Float64Array.of(NaN), gain, y }, call);
    expect(y[0]).toBeNaN();
    const dx = new Float64Array(1);
    activationBackward({ kept: y, dy: Float64Array.of(1), gain, dx }, call);
    expect(dx[0], 'of a linear function the derivative is 1 whatever the output').toEqual(
      name === 'identity' ? 1 : NaN,
    );
  });
});
