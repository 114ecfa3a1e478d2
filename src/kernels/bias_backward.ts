import source from '../../shaders/bias_backward.wgsl?raw';
import type { Kernel } from './kernel';
import { featureColumns, FEATURE_SUM_PARTS } from './features';

/** gradient[j] = Σ_i dz[i,j]; dz (rows, cols). */
export const biasBackward: Kernel = {
  name: 'bias_backward',
  source,
  shared: FEATURE_SUM_PARTS,
  tensors: { dz: 'read', gradient: 'read_write' },
  fields: { rows: 'u32', cols: 'u32' },
  variant: [],
  ...featureColumns('cols'),
};
