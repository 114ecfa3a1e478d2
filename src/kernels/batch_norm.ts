import backward from '../../shaders/batch_norm_backward.wgsl?raw';
import forward from '../../shaders/batch_norm_forward.wgsl?raw';
import {
  batchNormBackward as backwardTwin,
  batchNormBackwardTangent,
  batchNormForward as forwardTwin,
  batchNormForwardTangent,
} from '../reference/batch_norm';
import { featureColumns, FEATURE_SUM_PARTS } from './features';
import { each, type Kernel } from './kernel';
import {
  columnSums,
  floats,
  output,
  scalar,
  ULP,
  type CaseSize,
  type CaseTensor,
  type KernelCase,
} from './kernel_case';
import { FINITE, NORMALIZED } from './parts';

/**
 * y = γ·((x − mean) − mean_low)·inverse_std + β, x and y (rows × features), affine γ[features] then β[features]; and
 * stats (features × 4: mean, mean_low, biased variance, 1/√(variance + epsilon)) of x.
 */
export const batchNormForward: Kernel = {
  name: 'batch_norm_forward',
  source: forward,
  shared: [...FEATURE_SUM_PARTS, FINITE, NORMALIZED],
  tensors: { x: 'read', epsilon: 'read', affine: 'read', stats: 'read_write', y: 'read_write' },
  fields: { rows: 'u32', features: 'u32' },
  variant: [],
  ...featureColumns('features'),
  twin: forwardTwin,
  tangent: batchNormForwardTangent,
  // Sum; difference, square, sum; (x − mean − mean_low) · inverse_std · γ + β.
  counts: { flops: each(9, 'x') },
  cases: { batch_norm_forward: forwardCase },
};

/** gradient (dγ[features] then dβ[features]) and dx (rows × features) from dy. */
export const batchNormBackward: Kernel = {
  name: 'batch_norm_backward',
  source: backward,
  shared: [...FEATURE_SUM_PARTS, NORMALIZED],
  tensors: { x: 'read', stats: 'read', affine: 'read', dy: 'read', gradient: 'read_write', dx: 'read_write' },
  fields: { rows: 'u32', features: 'u32' },
  variant: [],
  ...featureColumns('features'),
  twin: backwardTwin,
  tangent: batchNormBackwardTangent,
  // x̂: 3, dγ: 2, dβ: 1, dx = γ·inverse_std·(dy − dβ/rows − x̂·dγ/rows): 4
  counts: { flops: each(10, 'x') },
  cases: { batch_norm_backward: backwardCase },
};

function forwardCase({ rows, cols: features }: CaseSize): KernelCase {
  return {
    tensors: {
      x: floats(rows * features, -2, 3),
      epsilon: scalar(1e-5),
      affine: floats(2 * features, -2, 2),
      stats: output(4 * features),
      y: output(rows * features),
    },
    fields: { rows, features },
    variant: {},
    // Within what rounding of sums over rows allows; no value is farther than `reach` from a mean.
    allowed({ x, affine, stats }) {
      const reach = 5;
      const mean = 2 * (rows + 2) * ULP * reach;
      const variance = 4 * (rows + 2) * ULP * reach ** 2;
      const inverse = (j: number) => 8 * ULP * stats![4 * j + 3]! + (variance * stats![4 * j + 3]! ** 3) / 2;
      return {
        stats: (i) => [mean, mean, variance, inverse((i - 3) / 4)][i % 4]!,
        y: (i) => {
          const j = i % features;
          const distance = Math.abs(x![i]! - stats![4 * j]!);
          const spoilt = stats![4 * j + 3]! * (mean + 4 * ULP * distance) + inverse(j) * distance;
          return Math.abs(affine![j]!) * spoilt + 4 * ULP * Math.abs(affine![features + j]!);
        },
      };
    },
  };
}

/** Statistics of batches: mean, mean_low, variance, inverse_std of each feature. */
const someStats = (features: number): CaseTensor => ({
  length: 4 * features,
  fill: (random) =>
    Float32Array.from(
      Array.from({ length: features }, () => {
        const variance = 0.5 + random();
        return [2 * random() - 1, 1e-8 * random(), variance, 1 / Math.sqrt(variance)];
      }).flat(),
    ),
});

function backwardCase({ rows, cols: features }: CaseSize): KernelCase {
  return {
    tensors: {
      x: floats(rows * features, -2, 3),
      stats: someStats(features),
      affine: floats(2 * features, -2, 2),
      dy: floats(rows * features, -1, 1),
      gradient: output(2 * features),
      dx: output(rows * features),
    },
    fields: { rows, features },
    variant: {},
    // Rounding of sums over rows, and of what is taken off dy.
    allowed({ x, stats, affine, dy }) {
      const standard = (i: number) => {
        const j = 4 * (i % features);
        return (x![i]! - stats![j]! - stats![j + 1]!) * stats![j + 3]!;
      };
      const slopes = columnSums(dy!, features, Math.abs);
      const products = columnSums(dy!, features, (slope, i) => Math.abs(slope * standard(i)));
      const roundings = 2 * (rows + 4) * ULP;
      return {
        gradient: (i) => roundings * (i < features ? products[i]! : slopes[i - features]!),
        dx: (i) => {
          const j = i % features;
          const parts = Math.abs(dy![i]!) + (slopes[j]! + Math.abs(standard(i)) * products[j]!) / rows;
          return roundings * Math.abs(affine![j]! * stats![4 * j + 3]!) * parts;
        },
      };
    },
  };
}
