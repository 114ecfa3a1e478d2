import backward from '../../shaders/bias_backward.wgsl?raw';
import forward from '../../shaders/bias_forward.wgsl?raw';
import {
  biasBackward as backwardTwin,
  biasBackwardTangent,
  biasForward as forwardTwin,
  biasForwardTangent,
} from '../reference/bias';
import { featureBlocks, featureColumns, FEATURE_PARTS, FEATURE_SUM_PARTS } from './features';
import { each, type Kernel } from './kernel';
import { columnSums, floats, output, ULP } from './kernel_case';

/** z[i,j] += bias[j]; z (rows, cols). */
export const biasForward: Kernel = {
  name: 'bias_forward',
  source: forward,
  shared: FEATURE_PARTS,
  tensors: { bias: 'read', z: 'read_write' },
  fields: { rows: 'u32', cols: 'u32' },
  variant: [],
  ...featureBlocks('cols'),
  twin: forwardTwin,
  tangent: biasForwardTangent,
  counts: { flops: each(1, 'z'), inPlace: ['z'] },
  cases: {
    bias_forward: ({ rows, cols }) => ({
      tensors: { bias: floats(cols, -1, 1), z: floats(rows * cols, -1, 1) },
      fields: { rows, cols },
      variant: {},
      allowed: ({ z }) => ({ z: (i) => ULP * Math.abs(z![i]!) }),
    }),
  },
};

/** gradient[j] = Σ_i dz[i,j]; dz (rows, cols). */
export const biasBackward: Kernel = {
  name: 'bias_backward',
  source: backward,
  shared: FEATURE_SUM_PARTS,
  tensors: { dz: 'read', gradient: 'read_write' },
  fields: { rows: 'u32', cols: 'u32' },
  variant: [],
  ...featureColumns('cols'),
  twin: backwardTwin,
  tangent: biasBackwardTangent,
  counts: { flops: each(1, 'dz') },
  cases: {
    bias_backward: ({ rows, cols }) => ({
      tensors: { dz: floats(rows * cols, -1, 1), gradient: output(cols) },
      fields: { rows, cols },
      variant: {},
      allowed({ dz }) {
        const sums = columnSums(dz!, cols, Math.abs);
        return { gradient: (j) => rows * ULP * sums[j]! };
      },
    }),
  },
};
