import type { KernelCall } from '../kernels/kernel';

/** What a kernel's definition asks for, however it is computed. A transcendental function counts as one operation. */
export interface Counts {
  readonly flops: number;
  /** Every input read once, every output written once. */
  readonly bytes: number;
}

type Count = (call: KernelCall) => number;

const lengthOf =
  (tensor: string): Count =>
  ({ tensors }) =>
    tensors[tensor]!.length;
const each =
  (flops: number, tensor: string): Count =>
  (call) =>
    flops * lengthOf(tensor)(call);
/** By the constant LOSS: mean squared error, half of it, logistic. */
const byLoss =
  (flops: readonly [number, number, number], tensor: string): Count =>
  (call) =>
    flops[call.variant['LOSS']!]! * lengthOf(tensor)(call);

const FLOPS: Readonly<Record<string, Count>> = {
  matmul: ({ fields }) => 2 * fields['rows']! * fields['inner']! * fields['cols']!,
  bias_forward: each(1, 'z'),
  bias_backward: each(1, 'dz'),
  // Sum; difference, square, sum; (x − mean − mean_low) · inverse_std · γ + β.
  batch_norm_forward: each(9, 'x'),
  // x̂: 3, dγ: 2, dβ: 1, dx = γ·inverse_std·(dy − dβ/rows − x̂·dγ/rows): 4
  batch_norm_backward: each(10, 'x'),
  identity_forward: each(1, 'x'),
  relu_forward: each(2, 'x'),
  // 1/(1 + exp(−x))
  sigmoid_forward: each(4, 'x'),
  tanh_forward: each(2, 'x'),
  identity_backward: each(1, 'y'),
  relu_backward: each(2, 'y'),
  // y(1 − y)
  sigmoid_backward: each(4, 'y'),
  // (1 − y)(1 + y)
  tanh_backward: each(5, 'y'),
  // Difference, square, sum; log(1 + exp(−sŷ)) and sum.
  loss_forward: byLoss([3, 3, 5], 'prediction'),
  // Difference, factor; σ(ŷ) − y, factor.
  loss_backward: byLoss([2, 2, 5], 'prediction'),
  // Velocity: 4, parameter: 2
  sgd_update: each(6, 'parameters'),
  initialize: each(1, 'parameters'),
  norms: (call) => 2 * (lengthOf('parameters')(call) + lengthOf('gradient')(call)),
  // A ratio, a limit, two inverses and sums.
  outcome_record: () => 6,
  gather: () => 0,
  // y(1 − y), a comparison and a sum
  saturation: each(4, 'y'),
  nonfinite: each(2, 'values'),
};

/** Tensors that are read and then written. */
const IN_PLACE: Readonly<Record<string, readonly string[]>> = {
  bias_forward: ['z'],
  sgd_update: ['velocity', 'parameters'],
  outcome_record: ['state'],
  saturation: ['state'],
};

/** Elements of tensors of which a call touches only some. */
const TOUCHED: Readonly<Record<string, Readonly<Record<string, Count>>>> = {
  gather: {
    x: ({ fields }) => fields['batch']! * fields['inputs']!,
    y: ({ fields }) => fields['batch']! * fields['outputs']!,
    state: () => 1,
  },
  initialize: { settings: () => 1 },
  sgd_update: { settings: () => 3 },
  norms: { state: () => 1, out: () => 2 },
  outcome_record: { settings: () => 2, history: () => 1, state: () => 9 },
  saturation: { state: () => 1 },
  nonfinite: { state: () => 1 },
};

/**
 * Of a call for `trials` trials.
 * @param shared tensors of which all trials have the same one
 */
export function kernelCounts(call: KernelCall, trials: number, shared: ReadonlySet<string>): Counts {
  const flops = FLOPS[call.kernel];
  if (!flops) throw new Error(`nobody has counted the operations of the kernel ${call.kernel}`);
  let words = 0;
  for (const [name, { length }] of Object.entries(call.tensors)) {
    const touched = TOUCHED[call.kernel]?.[name]?.(call) ?? length;
    const times = IN_PLACE[call.kernel]?.includes(name) ? 2 : 1;
    words += touched * times * (shared.has(name) ? 1 : trials);
  }
  return { flops: trials * flops(call), bytes: words * Float32Array.BYTES_PER_ELEMENT };
}
