import activationDerivative from '../../shaders/shared/activation_derivative.wgsl?raw';
import elementwise from '../../shaders/shared/elementwise.wgsl?raw';
import finite from '../../shaders/shared/finite.wgsl?raw';
import norm from '../../shaders/shared/norm.wgsl?raw';
import normalized from '../../shaders/shared/normalized.wgsl?raw';
import outcome from '../../shaders/shared/outcome.wgsl?raw';
import philox from '../../shaders/shared/philox.wgsl?raw';
import reduce from '../../shaders/shared/reduce.wgsl?raw';
import saturated from '../../shaders/shared/saturated.wgsl?raw';
import sigmoid from '../../shaders/shared/sigmoid.wgsl?raw';
import { geometryOf, type Adapter } from './geometry';
import type { Kernel, WgslPart } from './kernel';
import { TRIALS_PART } from './trials';

export const sharedPart = (stem: string, text: string): WgslPart => ({
  file: `shaders/shared/${stem}.wgsl`,
  text,
});

/** `is_nan`, `is_finite`, `not_negative` */
export const FINITE = sharedPart('finite', finite);
const ELEMENTWISE = sharedPart('elementwise', elementwise);
/** `workgroup_sum` */
export const REDUCE = sharedPart('reduce', reduce);
/** What activation functions and losses are made with. */
export const SIGMOID = sharedPart('sigmoid', sigmoid);
/** `is_saturated` */
export const SATURATED = sharedPart('saturated', saturated);
/** `derivative_argument` */
export const ACTIVATION_DERIVATIVE = sharedPart('activation_derivative', activationDerivative);
export const OUTCOME = sharedPart('outcome', outcome);
/** `norm_of` */
export const NORM = sharedPart('norm', norm);
/** `normalized`: x̂ */
export const NORMALIZED = sharedPart('normalized', normalized);
export const PHILOX = sharedPart('philox', philox);

/** What stands before elementwise kernels, and before those that sum over everything of a trial. */
export const ELEMENTWISE_PARTS: readonly WgslPart[] = [TRIALS_PART, ELEMENTWISE];
export const SUM_PARTS: readonly WgslPart[] = [TRIALS_PART, REDUCE];

/** How a kernel chooses the form and number of its workgroups. */
export type Dispatch = Required<Pick<Kernel, 'constants' | 'workgroups'>>;

/** Of an elementwise kernel that writes the whole of `tensor`. */
export function blocksOf(tensor: string): Dispatch {
  const geometry = (adapter: Adapter) => geometryOf(adapter).elementwise;
  return {
    constants: (_, adapter) => ({ ...geometry(adapter) }),
    workgroups: (call, adapter) => Math.ceil(call.tensors[tensor]!.length / geometry(adapter).BLOCK),
  };
}

/** Of a kernel whose one workgroup a trial sums over everything (`workgroup_sum`). */
export const ONE_WORKGROUP: Dispatch = {
  constants: (_, adapter) => ({ WORKGROUP_SIZE: geometryOf(adapter).sum }),
  workgroups: () => 1,
};
