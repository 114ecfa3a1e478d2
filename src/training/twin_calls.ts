import { KERNELS } from '../kernels/index';
import type { KernelCall } from '../kernels/kernel';
import type { WaveInput } from './engine';
import type { Plan } from './plan';

/** Buffers of a plan, in float64, by name. */
export type Buffers = Record<string, Float64Array>;

/** Those of a plan's buffers that are wanted, full of zeros. */
export function allocate(plan: Plan, which: (buffer: Plan['buffers'][string]) => boolean): Buffers {
  return Object.fromEntries(
    Object.entries(plan.buffers)
      .filter(([, buffer]) => which(buffer))
      .map(([name, { length }]) => [name, new Float64Array(length)]),
  );
}

/** One call with its tensors found, ready to run again and again as its kernel's CPU twin. */
export function bind(call: KernelCall, buffers: Buffers, seed: number): () => void {
  const { twin } = KERNELS[call.kernel]!;
  const tensors = tensorsOf(call, buffers);
  const scalars = { ...call.fields, ...call.variant, seed };
  return () => twin(tensors, scalars);
}

/**
 * The same as the twin's tangent.
 * @throws Error where the kernel has none
 */
export function bindTangent(call: KernelCall, values: Buffers, tangents: Buffers): () => void {
  const { tangent } = KERNELS[call.kernel]!;
  if (!tangent) throw new Error(`the kernel ${call.kernel} has no tangent`);
  const [at, along] = [tensorsOf(call, values), tensorsOf(call, tangents)];
  const scalars = { ...call.fields, ...call.variant };
  return () => tangent(at, along, scalars);
}

/** The parameters with which a trial of a wave begins, gain included, in float64: (plan.parameters). */
export function beginning({ plan, initials, trials }: WaveInput, slot: number): Float64Array {
  const { initial, settings, seed } = trials[slot]!;
  const buffers = {
    base: Float64Array.from(initials[initial]!),
    segments: Float64Array.from(plan.segments),
    settings,
    parameters: new Float64Array(plan.parameters),
  };
  for (const call of plan.start) bind(call, buffers, seed)();
  return buffers.parameters;
}

function tensorsOf(call: KernelCall, buffers: Buffers): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(call.tensors).map(([name, { buffer, offset, length }]) => [
      name,
      buffers[buffer]!.subarray(offset, offset + length),
    ]),
  );
}
