import source from '../../shaders/batch_norm_forward.wgsl?raw';
import { featureBlocks, FEATURE_PARTS } from './features';
import type { Kernel } from './kernel';
import { NORMALIZED } from './parts';

/** y = γ·((x − mean) − mean_low)·inverse_std + β, x and y (rows × features), affine γ[features] then β[features]. */
export const batchNormForward: Kernel = {
  name: 'batch_norm_forward',
  source,
  shared: [...FEATURE_PARTS, NORMALIZED],
  tensors: { x: 'read', stats: 'read', affine: 'read', y: 'read_write' },
  fields: { rows: 'u32', features: 'u32' },
  overrides: [],
  ...featureBlocks('features'),
};
