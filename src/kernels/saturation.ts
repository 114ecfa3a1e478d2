import source from '../../shaders/saturation.wgsl?raw';
import type { Kernel } from './kernel';
import { ONE_WORKGROUP, SATURATION_PARTS } from './parts';

/** Adds `weight` to a trial's state (11 words) for every element of y whose activation's derivative is below 0.05. */
export const saturation: Kernel = {
  name: 'saturation',
  source,
  shared: SATURATION_PARTS,
  tensors: { y: 'read', state: 'read_write' },
  fields: { weight: 'f32' },
  variant: ['ACTIVATION'],
  ...ONE_WORKGROUP,
};
