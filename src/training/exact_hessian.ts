import { KERNELS } from '../kernels/index';
import type { KernelCall } from '../kernels/kernel';
import type { DataSet } from '../experiment/types';
import { FROZEN, type Plan } from './plan';
import { allocate, bind, bindTangent, type Buffers } from './twin_calls';

/** What a trial is evaluated with: its data, and its row of settings (`plan.settings`). */
export interface Evaluated {
  readonly data: DataSet;
  readonly settings: Float64Array;
}

/**
 * The Hessian of one trial at some parameters, on the full data set, by its products with vectors, exact but for the rounding of
 * float64: the kernels of a step up to the gradient by their CPU twins, then for each vector by the twins' tangents (forward over
 * reverse; Pearlmutter 1994, Fast exact multiplication by the Hessian, Neural Computation 6). ReLU is taken as straight on both sides
 * of its kink, so it is the Hessian of the smooth piece of the loss on which the parameters lie.
 *
 * Every value of a step has a buffer of its own, unlike in training: so values are computed once, and a product takes twice the
 * multiply-adds of a gradient.
 */
export class ExactHessian {
  private readonly values: Buffers;
  private readonly tangents: Buffers;
  private readonly forward: readonly (() => void)[];
  private readonly derivatives: readonly (() => void)[];
  private readonly frozen: readonly number[];
  private data: DataSet | undefined;

  /**
   * @param plan one that evaluates (`evaluationPlan`)
   * @throws Error where a kernel between parameters and gradient has no tangent
   */
  constructor(readonly plan: Plan) {
    const calls = separated(plan, gradientCalls(plan));
    const buffers = () => ({ ...scratchOf(calls), ...allocate(plan, ({ persistent }) => persistent) });
    this.values = buffers();
    this.tangents = buffers();
    this.forward = calls.map((call) => bind(call, this.values, 0));
    this.derivatives = calls.map((call) => bindTangent(call, this.values, this.tangents));
    this.frozen = Array.from({ length: plan.parameters }, (_, p) => p).filter(
      (p) => plan.segments[2 * p]! & FROZEN,
    );
  }

  /**
   * Goes to the parameters of a trial.
   * @param parameters (plan.parameters), in the plan's layout
   * @returns the loss there
   */
  at({ data, settings }: Evaluated, parameters: Float64Array): number {
    const { values } = this;
    if (this.data !== data) {
      values['x']!.set(data.x);
      values['y']!.set(data.y);
      this.data = data;
    }
    values['settings']!.set(settings);
    values['parameters']!.set(parameters);
    for (const run of this.forward) run();
    return values['loss']![0]!;
  }

  /**
   * H·v where it stands, 0 for what is not trained.
   * @param vector (plan.parameters), 0 for what is not trained
   */
  product(vector: Float64Array): Float64Array {
    this.tangents['parameters']!.set(vector);
    for (const run of this.derivatives) run();
    const product = this.tangents['gradient']!.slice();
    for (const p of this.frozen) product[p] = 0;
    return product;
  }
}

/** The calls of a step before its update. */
function gradientCalls({ step }: Plan): readonly KernelCall[] {
  return step.slice(
    0,
    step.findIndex(({ tensors }) => 'velocity' in tensors),
  );
}

/** The same calls, of which each that would overwrite scratch writes into a buffer of its own; what is changed in place stays one value. */
function separated({ buffers }: Plan, calls: readonly KernelCall[]): readonly KernelCall[] {
  /** By buffer of the plan, the one that has what was written there last. */
  const latest = new Map<string, string>();
  return calls.map((call, at) => {
    const { tensors: access, counts } = KERNELS[call.kernel]!;
    const before = new Map(latest);
    const tensors = Object.entries(call.tensors).map(([name, view]) => {
      const { buffer } = view;
      const isWritten = access[name] === 'read_write' && !counts.inPlace?.includes(name);
      if (!isWritten) return [name, { ...view, buffer: before.get(buffer) ?? buffer }] as const;
      const own = latest.has(buffer) && !buffers[buffer]!.persistent ? `${buffer} of call ${at}` : buffer;
      latest.set(buffer, own);
      return [name, { ...view, buffer: own }] as const;
    });
    return { ...call, tensors: Object.fromEntries(tensors) };
  });
}

/** Buffers that calls work on, full of zeros. */
function scratchOf(calls: readonly KernelCall[]): Buffers {
  const lengths = new Map<string, number>();
  for (const { tensors } of calls)
    for (const { buffer, offset, length } of Object.values(tensors))
      lengths.set(buffer, Math.max(lengths.get(buffer) ?? 0, offset + length));
  return Object.fromEntries([...lengths].map(([name, length]) => [name, new Float64Array(length)]));
}
