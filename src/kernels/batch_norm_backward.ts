import source from '../../shaders/batch_norm_backward.wgsl?raw';
import { featureColumns, FEATURE_SUM_PARTS } from './features';
import type { Kernel } from './kernel';
import { NORMALIZED } from './parts';

/** gradient (dγ[features] then dβ[features]) and dx (rows × features) from dy. */
export const batchNormBackward: Kernel = {
  name: 'batch_norm_backward',
  source,
  shared: [...FEATURE_SUM_PARTS, NORMALIZED],
  tensors: { x: 'read', stats: 'read', affine: 'read', dy: 'read', gradient: 'read_write', dx: 'read_write' },
  fields: { rows: 'u32', features: 'u32' },
  variant: [],
  ...featureColumns('features'),
};
