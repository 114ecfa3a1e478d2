import source from '../../shaders/sgd_update.wgsl?raw';
import type { Kernel } from './kernel';
import { ELEMENTWISE_PARTS, blocksOf } from './parts';

/** One step of SGD with momentum and weight decay on all parameters; segments (2 words a parameter) give each its rate. */
export const sgdUpdate: Kernel = {
  name: 'sgd_update',
  source,
  shared: ELEMENTWISE_PARTS,
  tensors: {
    gradient: 'read',
    segments: 'read',
    settings: 'read',
    velocity: 'read_write',
    parameters: 'read_write',
  },
  fields: { momentum_at: 'u32', weight_decay_at: 'u32' },
  variant: [],
  ...blocksOf('parameters'),
};
