import { twin } from './twin';

/** An activation function y = φ(x). */
export interface ActivationFunction {
  readonly phi: (x: number) => number;
  /** φ′, computed from the output y or from the argument x. */
  readonly derivative: (v: number) => number;
  readonly derivativeFrom: 'output' | 'input';
}

const relu = (x: number): number => Math.max(x, 0);
/** 0 at 0, as PyTorch has it. */
const reluDerivative = (y: number): number => (Number.isNaN(y) ? y : Number(y > 0));

const LEAK = 0.01;
const leakyRelu = (x: number): number => (x > 0 ? x : LEAK * x);
/** LEAK at 0. The output has the sign of the argument, so that it tells enough. */
const leakyReluDerivative = (y: number): number => (Number.isNaN(y) ? y : y > 0 ? 1 : LEAK);

/** Through exp(−|x|), which cannot overflow. */
export function sigmoid(x: number): number {
  const decay = Math.exp(-Math.abs(x));
  return (x < 0 ? decay : 1) / (1 + decay);
}

/** Every activation function by the document's value; its place is the kernels' constant ACTIVATION. */
export const ACTIVATIONS = {
  identity: { phi: (x) => x, derivative: () => 1, derivativeFrom: 'output' },
  relu: { phi: relu, derivative: reluDerivative, derivativeFrom: 'output' },
  'leaky-relu': { phi: leakyRelu, derivative: leakyReluDerivative, derivativeFrom: 'output' },
  sigmoid: { phi: sigmoid, derivative: (y) => y * (1 - y), derivativeFrom: 'output' },
  tanh: { phi: (x) => Math.tanh(x), derivative: (y) => (1 - y) * (1 + y), derivativeFrom: 'output' },
} as const satisfies Readonly<Record<string, ActivationFunction>>;

export type ActivationName = keyof typeof ACTIVATIONS;

/** The one that the constant ACTIVATION names. */
export function activationNumbered(index: number): ActivationFunction {
  return Object.values(ACTIVATIONS)[index]!;
}

/** What is kept of an activation, its output or its input, times this is what its derivative is computed from. */
export function derivativeFactor({ derivativeFrom }: ActivationFunction, gain: number): number {
  return derivativeFrom === 'input' ? gain : 1;
}

/** y = φ(gain·x) */
export const activationForward = twin(
  ['x', 'gain', 'y'],
  ['ACTIVATION'],
  ({ x, gain, y }, { ACTIVATION }) => {
    const { phi } = activationNumbered(ACTIVATION);
    for (let i = 0; i < y.length; i++) y[i] = phi(gain[0]! * x[i]!);
  },
);

/** dx = dy·gain·φ′; kept: y, or x where φ′ is computed from it */
export const activationBackward = twin(
  ['kept', 'dy', 'gain', 'dx'],
  ['ACTIVATION'],
  ({ kept, dy, gain, dx }, { ACTIVATION }) => {
    const activation = activationNumbered(ACTIVATION);
    const scale = gain[0]!;
    const factor = derivativeFactor(activation, scale);
    for (let i = 0; i < dx.length; i++) dx[i] = dy[i]! * scale * activation.derivative(factor * kept[i]!);
  },
);
