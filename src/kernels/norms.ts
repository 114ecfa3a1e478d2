import source from '../../shaders/norms.wgsl?raw';
import type { Kernel } from './kernel';
import { NORMS_PARTS, ONE_WORKGROUP } from './parts';

/** ‖gradient‖₂ and ‖parameters‖₂ of one layer into `column` of row clock mod ring of out (ring, row). */
export const norms: Kernel = {
  name: 'norms',
  source,
  shared: NORMS_PARTS,
  tensors: { parameters: 'read', gradient: 'read', state: 'read', out: 'read_write' },
  fields: { ring: 'u32', row: 'u32', column: 'u32' },
  variant: [],
  ...ONE_WORKGROUP,
};
