import source from '../../shaders/bias_forward.wgsl?raw';
import type { Kernel } from './kernel';
import { ELEMENTWISE_PARTS, blocksOf } from './parts';

/** z[i,j] += bias[j]; z (rows, cols). */
export const biasForward: Kernel = {
  name: 'bias_forward',
  source,
  shared: ELEMENTWISE_PARTS,
  tensors: { bias: 'read', z: 'read_write' },
  fields: { rows: 'u32', cols: 'u32' },
  overrides: [],
  workgroups: blocksOf('z'),
};
