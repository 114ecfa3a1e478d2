import backward from '../../shaders/loss_backward.wgsl?raw';
import forward from '../../shaders/loss_forward.wgsl?raw';
import halfMse from '../../shaders/losses/half_mse.wgsl?raw';
import logistic from '../../shaders/losses/logistic.wgsl?raw';
import mse from '../../shaders/losses/mse.wgsl?raw';
import {
  lossBackward as backwardTwin,
  lossBackwardTangent,
  lossForward as forwardTwin,
  lossForwardTangent,
  LOSSES,
  type LossName,
} from '../reference/loss';
import { each, type Kernel, type KernelCall, type WgslPart } from './kernel';
import { floats, output, TINY, ULP } from './kernel_case';
import { blocksOf, ELEMENTWISE_PARTS, FINITE, ONE_WORKGROUP, SIGMOID, SUM_PARTS } from './parts';

/** A loss on the GPU. */
export interface LossKernel {
  /** `loss_value` and `loss_derivative`. */
  readonly part: WgslPart;
  /** Operations a prediction. */
  readonly flops: { readonly forward: number; readonly backward: number };
}

const part = (stem: string, text: string): WgslPart => ({ file: `shaders/losses/${stem}.wgsl`, text });

/** All of them, in the order of their numbers. */
export const LOSS_KERNELS: Readonly<Record<LossName, LossKernel>> = {
  // Difference, square, sum; difference, factor.
  mse: { part: part('mse', mse), flops: { forward: 3, backward: 2 } },
  'half-mse': { part: part('half_mse', halfMse), flops: { forward: 3, backward: 2 } },
  // log(1 + exp(−sŷ)) and sum; σ(ŷ) − y, factor.
  logistic: { part: part('logistic', logistic), flops: { forward: 5, backward: 5 } },
};

/** The constant LOSS of a loss. */
export function lossNumber(name: LossName): number {
  return Object.keys(LOSSES).indexOf(name);
}

function named({ variant }: KernelCall): LossKernel {
  return Object.values(LOSS_KERNELS)[variant['LOSS']!]!;
}

const HALF_MSE = { LOSS: lossNumber('half-mse') };

/** loss (1) = mean over the elements of prediction and target. */
export const lossForward: Kernel = {
  name: 'loss_forward',
  source: forward,
  shared: [...SUM_PARTS, FINITE, SIGMOID],
  parts: (call) => [named(call).part],
  tensors: { prediction: 'read', target: 'read', loss: 'read_write' },
  fields: {},
  variant: ['LOSS'],
  ...ONE_WORKGROUP,
  twin: forwardTwin,
  tangent: lossForwardTangent,
  counts: { flops: (call) => each(named(call).flops.forward, 'prediction')(call) },
  cases: {
    loss_forward: ({ rows, cols }) => ({
      tensors: {
        prediction: floats(rows * cols, -3, 3),
        target: floats(rows * cols, -1, 1),
        loss: output(1),
      },
      fields: {},
      variant: HALF_MSE,
      allowed: ({ loss }) => ({ loss: () => (24 + rows * cols) * ULP * loss![0]! }),
    }),
  },
};

/** gradient = ∂loss/∂prediction, of the loss of `lossForward`. */
export const lossBackward: Kernel = {
  name: 'loss_backward',
  source: backward,
  shared: [...ELEMENTWISE_PARTS, FINITE, SIGMOID],
  parts: (call) => [named(call).part],
  tensors: { prediction: 'read', target: 'read', gradient: 'read_write' },
  fields: {},
  variant: ['LOSS'],
  ...blocksOf('gradient'),
  twin: backwardTwin,
  tangent: lossBackwardTangent,
  counts: { flops: (call) => each(named(call).flops.backward, 'prediction')(call) },
  cases: {
    loss_backward: ({ rows, cols }) => ({
      tensors: {
        prediction: floats(rows * cols, -3, 3),
        target: floats(rows * cols, -1, 1),
        gradient: output(rows * cols),
      },
      fields: {},
      variant: HALF_MSE,
      allowed: ({ gradient }) => ({ gradient: (i) => 8 * ULP * Math.abs(gradient![i]!) + TINY }),
    }),
  },
};
