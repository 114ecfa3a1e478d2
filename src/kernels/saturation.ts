import source from '../../shaders/saturation.wgsl?raw';
import { saturation as twin } from '../reference/saturation';
import { STATE_LENGTH } from '../reference/state';
import { activationNumber, activationParts, derivativeConstants } from './activation';
import { each, type Kernel } from './kernel';
import { floats, output, scalar, ULP } from './kernel_case';
import {
  ACTIVATION_DERIVATIVE,
  FINITE,
  ONE_WORKGROUP,
  OUTCOME,
  SATURATED,
  SIGMOID,
  SUM_PARTS,
} from './parts';

/** Adds `weight` to a trial's state for every unit, by what is kept of its activation, whose derivative is below 0.05. */
export const saturation: Kernel = {
  name: 'saturation',
  source,
  shared: [...SUM_PARTS, FINITE, SIGMOID, OUTCOME, ACTIVATION_DERIVATIVE, SATURATED],
  parts: activationParts,
  tensors: { kept: 'read', gain: 'read', state: 'read_write' },
  fields: { weight: 'f32' },
  variant: ['ACTIVATION'],
  constants: (call, adapter) => ({ ...ONE_WORKGROUP.constants(call, adapter), ...derivativeConstants(call) }),
  workgroups: ONE_WORKGROUP.workgroups,
  twin,
  // y(1 − y), a comparison and a sum
  counts: { flops: each(4, 'kept'), touched: { state: () => 1 }, inPlace: ['state'] },
  cases: {
    saturation: ({ rows, cols }) => {
      const count = rows * cols;
      return {
        tensors: { kept: floats(count, 0, 1), gain: scalar(1), state: output(STATE_LENGTH) },
        fields: { weight: 1 / count },
        variant: { ACTIVATION: activationNumber('sigmoid') },
        // A derivative within rounding of the limit may be on either side of it.
        allowed: ({ kept }) => {
          const near = kept!.filter((value) => Math.abs(value * (1 - value) - 0.05) < ULP).length;
          return { state: () => near / count + 4 * ULP };
        },
      };
    },
  },
};
