import source from '../../shaders/batch_norm_stats.wgsl?raw';
import { featureColumns, FEATURE_SUM_PARTS } from './features';
import type { Kernel } from './kernel';

/** stats (features × 4: mean, mean_low, biased variance, 1/√(variance + epsilon)) of x (rows × features). */
export const batchNormStats: Kernel = {
  name: 'batch_norm_stats',
  source,
  shared: FEATURE_SUM_PARTS,
  tensors: { x: 'read', epsilon: 'read', stats: 'read_write' },
  fields: { rows: 'u32', features: 'u32' },
  overrides: [],
  ...featureColumns('features'),
};
