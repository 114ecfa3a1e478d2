import source from '../../shaders/bias_forward.wgsl?raw';
import type { Kernel } from './kernel';
import { featureBlocks, FEATURE_PARTS } from './features';

/** z[i,j] += bias[j]; z (rows, cols). */
export const biasForward: Kernel = {
  name: 'bias_forward',
  source,
  shared: FEATURE_PARTS,
  tensors: { bias: 'read', z: 'read_write' },
  fields: { rows: 'u32', cols: 'u32' },
  variant: [],
  ...featureBlocks('cols'),
};
