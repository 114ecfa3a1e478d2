import source from '../../shaders/nonfinite.wgsl?raw';
import type { Kernel } from './kernel';
import { NONFINITE_PARTS, ONE_WORKGROUP } from './parts';

/** How many of the values are NaN or infinite, into a trial's state (11 words). */
export const nonfinite: Kernel = {
  name: 'nonfinite',
  source,
  shared: NONFINITE_PARTS,
  tensors: { values: 'read', state: 'read_write' },
  fields: {},
  variant: [],
  ...ONE_WORKGROUP,
};
