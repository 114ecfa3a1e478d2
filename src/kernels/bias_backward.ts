import source from '../../shaders/bias_backward.wgsl?raw';
import type { Kernel } from './kernel';
import { SUM_PARTS } from './parts';

/** gradient[j] = Σ_i dz[i,j]; dz (rows, cols). */
export const biasBackward: Kernel = {
  name: 'bias_backward',
  source,
  shared: SUM_PARTS,
  tensors: { dz: 'read', gradient: 'read_write' },
  fields: { rows: 'u32', cols: 'u32' },
  overrides: [],
  workgroups: ({ fields }) => fields.cols!,
};
