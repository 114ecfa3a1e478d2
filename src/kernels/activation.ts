import backward from '../../shaders/activation_backward.wgsl?raw';
import forward from '../../shaders/activation_forward.wgsl?raw';
import identity from '../../shaders/activations/identity.wgsl?raw';
import leakyRelu from '../../shaders/activations/leaky_relu.wgsl?raw';
import relu from '../../shaders/activations/relu.wgsl?raw';
import sigmoid from '../../shaders/activations/sigmoid.wgsl?raw';
import tanh from '../../shaders/activations/tanh.wgsl?raw';
import {
  activationBackward as backwardTwin,
  activationBackwardTangent,
  activationForward as forwardTwin,
  activationForwardTangent,
  activationNumbered,
  ACTIVATIONS,
  type ActivationName,
} from '../reference/activation';
import { each, type Kernel, type KernelCall, type WgslPart } from './kernel';
import { floats, output, scalar, TINY, ULP, type CaseSize, type KernelCase } from './kernel_case';
import { ACTIVATION_DERIVATIVE, blocksOf, ELEMENTWISE_PARTS, FINITE, SIGMOID } from './parts';

/** An activation function on the GPU. */
export interface ActivationKernel {
  /** `phi_of` and `phi_derivative_of`. */
  readonly part: WgslPart;
  /** Operations an element. */
  readonly flops: { readonly forward: number; readonly backward: number };
  /** From where to where its outputs lie, for examples. */
  readonly outputs: readonly [low: number, high: number];
  /** By how many units in the last place of y float32 may miss φ at an argument. */
  readonly ulps: (argument: number) => number;
}

const part = (stem: string, text: string): WgslPart => ({ file: `shaders/activations/${stem}.wgsl`, text });

/** All of them, in the order of their numbers. */
export const ACTIVATION_KERNELS: Readonly<Record<ActivationName, ActivationKernel>> = {
  identity: {
    part: part('identity', identity),
    flops: { forward: 1, backward: 1 },
    outputs: [-2, 2],
    ulps: () => 1,
  },
  relu: {
    part: part('relu', relu),
    flops: { forward: 2, backward: 2 },
    outputs: [0, 2],
    ulps: () => 1,
  },
  'leaky-relu': {
    part: part('leaky_relu', leakyRelu),
    flops: { forward: 2, backward: 2 },
    outputs: [-0.02, 2],
    ulps: () => 2,
  },
  sigmoid: {
    part: part('sigmoid', sigmoid),
    flops: { forward: 4, backward: 4 },
    outputs: [0, 1],
    // WGSL's exp may err by 3 + 2|x| ulp; the rounding of gain·x counts |x| times.
    ulps: (argument) => 8 + 3 * Math.min(Math.abs(argument), 100),
  },
  tanh: {
    part: part('tanh', tanh),
    flops: { forward: 2, backward: 5 },
    outputs: [-1, 1],
    ulps: () => 8,
  },
};

/** The constant ACTIVATION of an activation function. */
export function activationNumber(name: ActivationName): number {
  return Object.keys(ACTIVATIONS).indexOf(name);
}

function named(call: KernelCall): ActivationKernel {
  return Object.values(ACTIVATION_KERNELS)[call.variant['ACTIVATION']!]!;
}

/** What a kernel needs that calls the activation function of its call. */
export const activationParts = (call: KernelCall): readonly WgslPart[] => [named(call).part];

/** What a kernel needs besides, that calls its derivative at what is kept of it. */
export const derivativeConstants = ({ variant }: KernelCall): Record<string, number> => ({
  FROM_INPUT: activationNumbered(variant['ACTIVATION']!).derivativeFrom === 'input' ? 1 : 0,
});

/** For each activation function its example, as `relu_forward` for instance. */
function casesOf(
  direction: 'forward' | 'backward',
  make: (activation: ActivationKernel, size: CaseSize) => Omit<KernelCase, 'fields' | 'variant'>,
): Kernel['cases'] {
  return Object.fromEntries(
    Object.entries(ACTIVATION_KERNELS).map(([name, activation], ACTIVATION) => [
      `${name.replaceAll('-', '_')}_${direction}`,
      (size: CaseSize) => ({ ...make(activation, size), fields: {}, variant: { ACTIVATION } }),
    ]),
  );
}

/** y = φ(gain·x): x and y of one length, one gain. */
export const activationForward: Kernel = {
  name: 'activation_forward',
  source: forward,
  shared: [...ELEMENTWISE_PARTS, FINITE, SIGMOID],
  parts: activationParts,
  tensors: { x: 'read', gain: 'read', y: 'read_write' },
  fields: {},
  variant: ['ACTIVATION'],
  ...blocksOf('y'),
  twin: forwardTwin,
  tangent: activationForwardTangent,
  counts: { flops: (call) => each(named(call).flops.forward, 'x')(call) },
  cases: casesOf('forward', ({ ulps }, { rows, cols }) => ({
    tensors: { x: floats(rows * cols, -4, 4), gain: scalar(1.25), y: output(rows * cols) },
    allowed: ({ x, gain, y }) => ({
      y: (i) => ulps(gain![0]! * x![i]!) * ULP * Math.abs(y![i]!) + TINY,
    }),
  })),
};

const blocks = blocksOf('dx');

/** dx = dy·gain·φ′: kept, dy and dx of one length, one gain; kept is y, or x where φ′ is computed from it. */
export const activationBackward: Kernel = {
  name: 'activation_backward',
  source: backward,
  shared: [...ELEMENTWISE_PARTS, FINITE, SIGMOID, ACTIVATION_DERIVATIVE],
  parts: activationParts,
  tensors: { kept: 'read', dy: 'read', gain: 'read', dx: 'read_write' },
  fields: {},
  variant: ['ACTIVATION'],
  constants: (call, adapter) => ({ ...blocks.constants(call, adapter), ...derivativeConstants(call) }),
  workgroups: blocks.workgroups,
  twin: backwardTwin,
  tangent: activationBackwardTangent,
  counts: { flops: (call) => each(named(call).flops.backward, 'kept')(call) },
  cases: casesOf('backward', ({ outputs }, { rows, cols }) => ({
    tensors: {
      kept: floats(rows * cols, ...outputs),
      dy: floats(rows * cols, -2, 2),
      gain: scalar(1.25),
      dx: output(rows * cols),
    },
    allowed: ({ dx }) => ({ dx: (i) => 4 * ULP * Math.abs(dx![i]!) + TINY }),
  })),
};
