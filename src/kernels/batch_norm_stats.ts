import source from '../../shaders/batch_norm_stats.wgsl?raw';
import { FEATURE_SUMS_PART, featureGroups } from './batch_norm';
import type { Kernel } from './kernel';
import { TRIALS_PART } from './trials';

/** stats (features × 4: mean, mean_low, biased variance, 1/√(variance + epsilon)) of x (rows × features). */
export const batchNormStats: Kernel = {
  name: 'batch_norm_stats',
  source,
  shared: [TRIALS_PART, FEATURE_SUMS_PART],
  tensors: { x: 'read', epsilon: 'read', stats: 'read_write' },
  fields: { rows: 'u32', features: 'u32' },
  overrides: [],
  workgroups: featureGroups,
};
