import source from '../../shaders/norms.wgsl?raw';
import { norms as twin } from '../reference/norms';
import type { Kernel } from './kernel';
import { floats, output, stateWith, ULP } from './kernel_case';
import { FINITE, NORM, ONE_WORKGROUP, SUM_PARTS } from './parts';

/** ‖gradient‖₂ and ‖parameters‖₂ of one layer into `column` of row clock mod ring of out (ring, row). */
export const norms: Kernel = {
  name: 'norms',
  source,
  shared: [...SUM_PARTS, FINITE, NORM],
  tensors: { parameters: 'read', gradient: 'read', state: 'read', out: 'read_write' },
  fields: { ring: 'u32', row: 'u32', column: 'u32' },
  variant: [],
  ...ONE_WORKGROUP,
  twin,
  counts: {
    flops: ({ tensors }) => 2 * (tensors['parameters']!.length + tensors['gradient']!.length),
    touched: { state: () => 1, out: () => 2 },
  },
  cases: {
    norms: ({ rows, cols }) => ({
      tensors: {
        parameters: floats(rows * cols, -1, 1),
        gradient: floats(rows * cols, -1, 1),
        state: stateWith({ clock: 5 }),
        out: output(4 * 2),
      },
      fields: { ring: 4, row: 2, column: 0 },
      variant: {},
      allowed: ({ out }) => ({ out: (i) => (16 + rows * cols) * ULP * Math.abs(out![i]!) }),
    }),
  },
};
