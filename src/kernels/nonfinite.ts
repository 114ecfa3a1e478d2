import source from '../../shaders/nonfinite.wgsl?raw';
import { nonfinite as twin } from '../reference/nonfinite';
import { each, type Kernel } from './kernel';
import { floats, output, STATE_WORDS } from './kernel_case';
import { FINITE, ONE_WORKGROUP, OUTCOME, SUM_PARTS } from './parts';

/** How many of the values are NaN or infinite, into a trial's state (11 words). */
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
      tensors: { values: floats(rows * cols, -1, 1), state: output(STATE_WORDS) },
      fields: {},
      variant: {},
      allowed: () => ({ state: () => 0 }),
    }),
  },
};
