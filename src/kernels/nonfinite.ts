import source from '../../shaders/nonfinite.wgsl?raw';
import { nonfinite as twin } from '../reference/nonfinite';
import { STATE_LENGTH } from '../reference/state';
import { each, type Kernel } from './kernel';
import { floats, output } from './kernel_case';
import { FINITE, ONE_WORKGROUP, OUTCOME, SUM_PARTS } from './parts';

/** How many of the values are NaN or infinite, into a trial's state. */
export const nonfinite: Kernel = {
  name: 'nonfinite',
  source,
  shared: [...SUM_PARTS, FINITE, OUTCOME],
  tensors: { values: 'read', state: 'read_write' },
  fields: {},
  variant: [],
  ...ONE_WORKGROUP,
  twin,
  counts: { flops: each(2, 'values'), touched: { state: () => 1 } },
  cases: {
    nonfinite: ({ rows, cols }) => ({
      tensors: { values: floats(rows * cols, -1, 1), state: output(STATE_LENGTH) },
      fields: {},
      variant: {},
      allowed: () => ({ state: () => 0 }),
    }),
  },
};
