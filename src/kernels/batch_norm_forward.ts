import source from '../../shaders/batch_norm_forward.wgsl?raw';
import { NORMALIZED_PART } from './batch_norm';
import type { Kernel } from './kernel';
import { blocksOf, ELEMENTWISE_PARTS } from './parts';

/** y = γ·((x − mean) − mean_low)·inverse_std + β, x and y (rows × features), affine γ[features] then β[features]. */
export const batchNormForward: Kernel = {
  name: 'batch_norm_forward',
  source,
  shared: [...ELEMENTWISE_PARTS, NORMALIZED_PART],
  tensors: { x: 'read', stats: 'read', affine: 'read', y: 'read_write' },
  fields: { rows: 'u32', features: 'u32' },
  overrides: [],
  workgroups: blocksOf('y'),
};
