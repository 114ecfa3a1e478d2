import source from '../../shaders/loss_forward.wgsl?raw';
import type { Kernel } from './kernel';
import { LOSS_FORWARD_PARTS, ONE_WORKGROUP } from './parts';

/** loss (1) = mean over the elements of prediction and target; LOSS 0 mse, 1 half of it, 2 logistic. */
export const lossForward: Kernel = {
  name: 'loss_forward',
  source,
  shared: LOSS_FORWARD_PARTS,
  tensors: { prediction: 'read', target: 'read', loss: 'read_write' },
  fields: {},
  variant: ['LOSS'],
  ...ONE_WORKGROUP,
};
