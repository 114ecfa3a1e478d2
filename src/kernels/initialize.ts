import source from '../../shaders/initialize.wgsl?raw';
import { initialize as twin } from '../reference/initialize';
import { each, type Kernel } from './kernel';
import { floats, output, segments, settings, ULP } from './kernel_case';
import { blocksOf, ELEMENTWISE_PARTS } from './parts';

/** parameters = base·gain; segments (2 words a parameter) say where in settings the gain is. */
export const initialize: Kernel = {
  name: 'initialize',
  source,
  shared: ELEMENTWISE_PARTS,
  tensors: { base: 'read', segments: 'read', settings: 'read', parameters: 'read_write' },
  fields: {},
  variant: [],
  ...blocksOf('parameters'),
  twin,
  counts: { flops: each(1, 'parameters'), touched: { settings: () => 1 } },
  cases: {
    initialize: ({ rows, cols }) => ({
      tensors: {
        base: floats(rows * cols, -1, 1),
        segments: segments(rows * cols),
        settings,
        parameters: output(rows * cols),
      },
      fields: {},
      variant: {},
      allowed: ({ parameters }) => ({ parameters: (i) => (ULP / 2) * Math.abs(parameters![i]!) }),
    }),
  },
};
