import { tangent, twin } from './twin';

/** An activation function y = φ(x). */
export interface ActivationFunction {
  readonly phi: (x: number) => number;
  /** φ′, computed from the output y or from the argument x. */
  readonly derivative: (v: number) => number;
  readonly derivativeFrom: 'output' | 'input';
  /** The derivative of `derivative` by what it is computed from; 0 at kinks. */
  readonly bend: (v: number) => number;
}

/** Of what is straight on either side of 0; NaN stays. */
const straight = (v: number): number => (Number.isNaN(v) ? v : 0);

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
  identity: { phi: (x) => x, derivative: () => 1, derivativeFrom: 'output', bend: straight },
  relu: { phi: relu, derivative: reluDerivative, derivativeFrom: 'output', bend: straight },
  'leaky-relu': {
    phi: leakyRelu,
    derivative: leakyReluDerivative,
    derivativeFrom: 'output',
    bend: straight,
  },
  sigmoid: {
    phi: sigmoid,
    derivative: (y) => y * (1 - y),
    derivativeFrom: 'output',
    bend: (y) => 1 - 2 * y,
  },
  tanh: {
    phi: (x) => Math.tanh(x),
    derivative: (y) => (1 - y) * (1 + y),
    derivativeFrom: 'output',
    bend: (y) => -2 * y,
  },
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

/** y′ = gain·φ′·x′ */
export const activationForwardTangent = tangent(
  ['x', 'gain', 'y'],
  ['ACTIVATION'],
  (values, { x, y }, { ACTIVATION }) => {
    const { derivative, derivativeFrom } = activationNumbered(ACTIVATION);
    const gain = values.gain[0]!;
    for (let i = 0; i < y.length; i++) {
      const from = derivativeFrom === 'input' ? gain * values.x[i]! : values.y[i]!;
      y[i] = gain * derivative(from) * x[i]!;
    }
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

/** dx′ = gain·(dy′·φ′ + dy·φ′′), φ′′ how φ′ changes with what is kept */
export const activationBackwardTangent = tangent(
  ['kept', 'dy', 'gain', 'dx'],
  ['ACTIVATION'],
  (values, { kept, dy, dx }, { ACTIVATION }) => {
    const activation = activationNumbered(ACTIVATION);
    const scale = values.gain[0]!;
    const factor = derivativeFactor(activation, scale);
    for (let i = 0; i < dx.length; i++) {
      const from = factor * values.kept[i]!;
      const change = activation.bend(from) * factor * kept[i]!;
      dx[i] = scale * (dy[i]! * activation.derivative(from) + values.dy[i]! * change);
    }
  },
);
