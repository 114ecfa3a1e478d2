import { describe, expect, test } from 'vitest';
import { norm } from '../../src/reference/norms';
import {
  breakingScale,
  effectiveRate,
  epsilonShare,
  SCALE_POWERS,
  squaredNormAfter,
  weightGradientProduct,
} from '../../src/theory/scale_invariance';
import { pass, placesOf, type SmallActivation, type SmallNetwork } from '../../src/theory/small_network';
import { mulberry32 } from '../mulberry32';

const SAMPLES = 12;
const INPUTS = 3;

/** A neuron with batch norm on random data, its weights multiplied by a. */
function neuron(epsilon: number, a: number, activation: SmallActivation = 'identity') {
  const random = mulberry32(7);
  const draws = (length: number) => Float64Array.from({ length }, () => 2 * random() - 1);
  const network: SmallNetwork = {
    layers: [{ fanIn: INPUTS, fanOut: 1, bias: false, normalized: 'before', activation }],
    affine: 'trained',
    epsilon,
  };
  const [x, y, weights] = [draws(SAMPLES * INPUTS), draws(SAMPLES), draws(INPUTS).map((w) => a * w)];
  const parameters = Float64Array.of(...weights, 1.3, -0.2);
  const { operations, gradient } = pass(network, parameters, { samples: SAMPLES, x, y });
  const z = operations[0]!.output;
  const mean = z.reduce((sum, value) => sum + value, 0) / SAMPLES;
  const variance = z.reduce((sum, value) => sum + (value - mean) ** 2, 0) / SAMPLES;
  const { gamma } = placesOf(network)[0]!;
  return {
    weights,
    gradient: gradient.subarray(0, INPUTS),
    gamma: parameters[gamma]!,
    gammaGradient: gradient[gamma]!,
    variance,
    inputGradient: norm(operations[0]!.backward.at(-1)!.result),
  };
}

const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('the law of ε', () => {
  test.each([
    [1e-5, 1],
    [0.1, 1],
    [0.1, 0.01],
    [3, 20],
  ])('ε = %d, weights × %d: w·∂L/∂w is what it says', (epsilon, a) => {
    const { weights, gradient, gamma, gammaGradient, variance } = neuron(epsilon, a, 'sigmoid');
    const law = weightGradientProduct(gamma, gammaGradient, variance, epsilon);
    expect(Math.abs(law)).toBeGreaterThan(0);
    expect(product(weights, gradient) / law).toBeCloseTo(1, 9);
  });

  test('without ε the gradient is orthogonal to the weights', () => {
    const { weights, gradient, variance } = neuron(0, 1);
    expect(Math.abs(product(weights, gradient))).toBeLessThan(1e-15);
    expect(weightGradientProduct(1, 1, variance, 0)).toBe(0);
  });

  test('ε is as large as the variance where it says', () => {
    const { variance } = neuron(1e-4, 1);
    const broken = neuron(1e-4, breakingScale(variance, 1e-4));
    expect(epsilonShare(broken.variance, 1e-4)).toBeCloseTo(0.5, 12);
  });
});

test('multiplied weights leave ∂/∂u as it is, and divide ∂/∂(aW)', () => {
  const [one, ten] = [neuron(0, 1), neuron(0, 10)];
  const [, { input, weights }] = SCALE_POWERS;
  expect(ten.inputGradient / one.inputGradient).toBeCloseTo(10 ** input, 12);
  expect(norm(ten.gradient) / norm(one.gradient)).toBeCloseTo(10 ** weights, 12);
});

test('the norm law is that of a step along the gradient, and ε alone breaks it', () => {
  const off = (epsilon: number) => {
    const { weights, gradient } = neuron(epsilon, 1);
    const after = norm(weights.map((w, i) => w - 0.7 * gradient[i]!)) ** 2;
    return Math.abs(squaredNormAfter(norm(weights), norm(gradient), 0.7) / after - 1);
  };
  expect(off(0)).toBeLessThan(1e-14);
  expect(off(0.1)).toBeGreaterThan(1e-3);
});

test('at one effective rate, weights of any length turn by the same angle', () => {
  const angle = (a: number) => {
    const { weights, gradient } = neuron(0, a);
    const rate = 0.5 * norm(weights) ** 2;
    expect(effectiveRate(rate, norm(weights))).toBeCloseTo(0.5, 12);
    return (rate * norm(gradient)) / norm(weights);
  };
  expect(angle(30)).toBeCloseTo(angle(1), 12);
});
