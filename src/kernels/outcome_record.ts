import source from '../../shaders/outcome_record.wgsl?raw';
import type { Kernel } from './kernel';
import { OUTCOME_PARTS } from './parts';

/** Takes a loss into history (ring) and state (11 words), and moves the clock on; STOPS 1: a diverged trial records no more. */
export const outcomeRecord: Kernel = {
  name: 'outcome_record',
  source,
  shared: OUTCOME_PARTS,
  tensors: { loss: 'read', settings: 'read', history: 'read_write', state: 'read_write' },
  fields: { ring: 'u32', divergence_at: 'u32', best_constant_at: 'u32' },
  variant: ['STOPS'],
  workgroups: () => 1,
};
