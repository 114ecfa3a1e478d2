import source from '../../shaders/gather.wgsl?raw';
import type { Kernel } from './kernel';
import { RANDOM_PARTS } from './parts';

/** Rows a workgroup copies: `WORKGROUP_SIZE` of the shader. */
const ROWS = 64;

/** batch_x (batch, inputs), batch_y (batch, outputs): samples drawn with replacement by seed, clock and row. */
export const gather: Kernel = {
  name: 'gather',
  source,
  shared: RANDOM_PARTS,
  tensors: { x: 'read', y: 'read', state: 'read', batch_x: 'read_write', batch_y: 'read_write' },
  fields: { samples: 'u32', batch: 'u32', inputs: 'u32', outputs: 'u32' },
  variant: [],
  workgroups: ({ fields }) => Math.ceil(fields.batch! / ROWS),
};
