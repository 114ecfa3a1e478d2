import source from '../../shaders/sgd_update.wgsl?raw';
import { sgdUpdate as twin } from '../reference/sgd_update';
import { each, type Kernel } from './kernel';
import { floats, segments, settings, ULP } from './kernel_case';
import { blocksOf, ELEMENTWISE_PARTS } from './parts';

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
  twin,
  // Velocity: 4, parameter: 2
  counts: {
    flops: each(6, 'parameters'),
    touched: { settings: () => 3 },
    inPlace: ['velocity', 'parameters'],
  },
  cases: {
    sgd_update: ({ rows, cols }) => ({
      tensors: {
        gradient: floats(rows * cols, -1, 1),
        segments: segments(rows * cols),
        settings,
        velocity: floats(rows * cols, -1, 1),
        parameters: floats(rows * cols, -1, 1),
      },
      fields: { momentum_at: 0, weight_decay_at: 1 },
      variant: {},
      // Of numbers up to 1: a few roundings of a few terms.
      allowed: () => ({ velocity: () => 4 * ULP, parameters: () => 4 * ULP }),
    }),
  },
};
