import activation from '../../shaders/shared/activation.wgsl?raw';
import activationKind from '../../shaders/shared/activation_kind.wgsl?raw';
import elementwise from '../../shaders/shared/elementwise.wgsl?raw';
import finite from '../../shaders/shared/finite.wgsl?raw';
import loss from '../../shaders/shared/loss.wgsl?raw';
import norm from '../../shaders/shared/norm.wgsl?raw';
import normalized from '../../shaders/shared/normalized.wgsl?raw';
import outcome from '../../shaders/shared/outcome.wgsl?raw';
import philox from '../../shaders/shared/philox.wgsl?raw';
import reduce from '../../shaders/shared/reduce.wgsl?raw';
import type { Adapter, Dispatch, WgslPart } from './kernel';
import { TRIALS_PART } from './trials';

const part = (stem: string, text: string): WgslPart => ({ file: `shaders/shared/${stem}.wgsl`, text });

/** `is_nan`, `is_finite`, `not_negative` */
export const FINITE = part('finite', finite);
const ELEMENTWISE = part('elementwise', elementwise);
/** `workgroup_sum` */
export const REDUCE = part('reduce', reduce);
const ACTIVATION = part('activation', activation);
/** `phi_of`, `phi_derivative_of`, `is_saturated` */
const ACTIVATION_KIND = part('activation_kind', activationKind);
const LOSS = part('loss', loss);
const OUTCOME = part('outcome', outcome);
/** `norm_of` */
const NORM = part('norm', norm);
/** `normalized`: x̂ */
export const NORMALIZED = part('normalized', normalized);

/** What stands before each kind of kernel: the shared parts with the parts that those need. */
export const ELEMENTWISE_PARTS: readonly WgslPart[] = [TRIALS_PART, ELEMENTWISE];
export const ACTIVATION_PARTS: readonly WgslPart[] = [...ELEMENTWISE_PARTS, FINITE, ACTIVATION];
export const SUM_PARTS: readonly WgslPart[] = [TRIALS_PART, REDUCE];
export const NORMS_PARTS: readonly WgslPart[] = [...SUM_PARTS, FINITE, NORM];
export const NONFINITE_PARTS: readonly WgslPart[] = [...SUM_PARTS, FINITE, OUTCOME];
export const SATURATION_PARTS: readonly WgslPart[] = [...NONFINITE_PARTS, ACTIVATION, ACTIVATION_KIND];
export const LOSS_FORWARD_PARTS: readonly WgslPart[] = [...SUM_PARTS, FINITE, ACTIVATION, LOSS];
export const LOSS_BACKWARD_PARTS: readonly WgslPart[] = [...ACTIVATION_PARTS, LOSS];
export const OUTCOME_PARTS: readonly WgslPart[] = [TRIALS_PART, FINITE, OUTCOME];
export const RANDOM_PARTS: readonly WgslPart[] = [TRIALS_PART, part('philox', philox)];

export const FUSED_PARTS: readonly WgslPart[] = [
  TRIALS_PART,
  FINITE,
  NORM,
  ACTIVATION,
  ACTIVATION_KIND,
  LOSS,
  OUTCOME,
  part('philox', philox),
];

/** Of an elementwise kernel that writes the whole of `tensor`. */
export function blocksOf(tensor: string): Dispatch {
  const geometry = ({ software }: Adapter) =>
    software ? { WORKGROUP_SIZE: 16, BLOCK: 512 } : { WORKGROUP_SIZE: 64, BLOCK: 256 };
  return {
    constants: (_, adapter) => geometry(adapter),
    workgroups: (call, adapter) => Math.ceil(call.tensors[tensor]!.length / geometry(adapter).BLOCK),
  };
}

/** Of a kernel whose one workgroup a trial sums over everything (`workgroup_sum`). */
export const ONE_WORKGROUP: Dispatch = {
  constants: (_, { software }) => ({ WORKGROUP_SIZE: software ? 4 : 64 }),
  workgroups: () => 1,
};
