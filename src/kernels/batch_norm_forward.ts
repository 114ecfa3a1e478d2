import source from '../../shaders/batch_norm_forward.wgsl?raw';
import { featureColumns, FEATURE_SUM_PARTS } from './features';
import type { Kernel } from './kernel';
import { FINITE, NORMALIZED } from './parts';

/**
 * y = γ·((x − mean) − mean_low)·inverse_std + β, x and y (rows × features), affine γ[features] then β[features]; and
 * stats (features × 4: mean, mean_low, biased variance, 1/√(variance + epsilon)) of x.
 */
export const batchNormForward: Kernel = {
  name: 'batch_norm_forward',
  source,
  shared: [...FEATURE_SUM_PARTS, FINITE, NORMALIZED],
  tensors: { x: 'read', epsilon: 'read', affine: 'read', stats: 'read_write', y: 'read_write' },
  fields: { rows: 'u32', features: 'u32' },
  variant: [],
  ...featureColumns('features'),
};
