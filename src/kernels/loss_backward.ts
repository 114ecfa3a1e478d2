import source from '../../shaders/loss_backward.wgsl?raw';
import type { Kernel } from './kernel';
import { LOSS_BACKWARD_PARTS, blocksOf } from './parts';

/** gradient = ∂loss/∂prediction, of the loss of `lossForward`. */
export const lossBackward: Kernel = {
  name: 'loss_backward',
  source,
  shared: LOSS_BACKWARD_PARTS,
  tensors: { prediction: 'read', target: 'read', gradient: 'read_write' },
  fields: {},
  variant: ['LOSS'],
  ...blocksOf('gradient'),
};
