import source from '../../shaders/gather.wgsl?raw';
import { gather as twin } from '../reference/gather';
import type { Kernel } from './kernel';
import { floats, output, stateWith } from './kernel_case';
import { PHILOX } from './parts';
import { TRIALS_PART } from './trials';

/** Rows a workgroup copies: `WORKGROUP_SIZE` of the shader. */
const ROWS = 64;

/** batch_x (batch, inputs), batch_y (batch, outputs): samples drawn with replacement by seed, clock and row. */
export const gather: Kernel = {
  name: 'gather',
  source,
  shared: [TRIALS_PART, PHILOX],
  tensors: { x: 'read', y: 'read', state: 'read', batch_x: 'read_write', batch_y: 'read_write' },
  fields: { samples: 'u32', batch: 'u32', inputs: 'u32', outputs: 'u32' },
  variant: [],
  workgroups: ({ fields }) => Math.ceil(fields.batch! / ROWS),
  twin,
  counts: {
    flops: () => 0,
    touched: {
      x: ({ fields }) => fields['batch']! * fields['inputs']!,
      y: ({ fields }) => fields['batch']! * fields['outputs']!,
      state: () => 1,
    },
  },
  cases: {
    gather: ({ rows: batch, cols: inputs }) => {
      const samples = 4 * batch;
      return {
        tensors: {
          x: floats(samples * inputs, -1, 1),
          y: floats(samples, -1, 1),
          state: stateWith({ clock: 3 }),
          batch_x: output(batch * inputs),
          batch_y: output(batch),
        },
        fields: { samples, batch, inputs, outputs: 1 },
        variant: {},
        allowed: () => ({ batch_x: () => 0, batch_y: () => 0 }),
      };
    },
  },
};
