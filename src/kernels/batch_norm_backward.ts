import source from '../../shaders/batch_norm_backward.wgsl?raw';
import { FEATURE_SUMS_PART, featureGroups, NORMALIZED_PART } from './batch_norm';
import type { Kernel } from './kernel';
import { TRIALS_PART } from './trials';

/** gradient (dγ[features] then dβ[features]) and dx (rows × features) from dy. */
export const batchNormBackward: Kernel = {
  name: 'batch_norm_backward',
  source,
  shared: [TRIALS_PART, FEATURE_SUMS_PART, NORMALIZED_PART],
  tensors: { x: 'read', stats: 'read', affine: 'read', dy: 'read', gradient: 'read_write', dx: 'read_write' },
  fields: { rows: 'u32', features: 'u32' },
  overrides: [],
  workgroups: featureGroups,
};
