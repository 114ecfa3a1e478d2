import source from '../../shaders/initialize.wgsl?raw';
import type { Kernel } from './kernel';
import { ELEMENTWISE_PARTS, blocksOf } from './parts';

/** parameters = base·gain; segments (2 words a parameter) say where in settings the gain is. */
export const initialize: Kernel = {
  name: 'initialize',
  source,
  shared: ELEMENTWISE_PARTS,
  tensors: { base: 'read', segments: 'read', settings: 'read', parameters: 'read_write' },
  fields: {},
  variant: [],
  ...blocksOf('parameters'),
};
