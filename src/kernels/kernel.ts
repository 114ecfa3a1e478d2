import type { Tangent, Twin } from '../reference/twin';
import type { Adapter } from './geometry';
import type { CaseSize, KernelCase } from './kernel_case';

/**
 * A kernel's one registration: all that is known of it. A kernel `matmul` is the entry point of `shaders/matmul.wgsl`, has its
 * CPU twin in `src/reference/` and is tested against it in `tests/kernels/matmul.test.ts`; a forward kernel and its backward one
 * share a file here and there.
 *
 * Every kernel runs for all trials of a wave at once and has the same first bindings in group 0:
 * - 0: `var<uniform> call: Call` — a `View` for each tensor in the order of `tensors`, then the `fields` in order;
 * - 1: `var<storage, read> trials: Trials` — the trials that are still being trained (`shaders/shared/trials.wgsl`);
 * - 2: `var<storage, read_write> tally: array<atomic<u32>>`, of which it counts its workgroups (`shaders/shared/tally.wgsl`);
 * - 3…: the tensors, in the order of `tensors`.
 */
export interface Kernel {
  readonly name: string;
  /** The WGSL text of the entry point, and of the shared parts that stand before it. */
  readonly source: string;
  readonly shared: readonly WgslPart[];
  /** Tensor bindings: name → access. */
  readonly tensors: Readonly<Record<string, 'read' | 'read_write'>>;
  /** The scalars of a call, in the order of the `Call` struct. */
  readonly fields: Readonly<Record<string, 'u32' | 'f32'>>;
  /** Names of the constants that a call must give: what tells its variants of the pipeline apart. */
  readonly variant: readonly string[];
  /** Parts that the host chooses for a call and an adapter; they stand before `shared`, and their files tell them apart. */
  parts?(call: KernelCall, adapter: Adapter): readonly WgslPart[];
  /** Constants besides `variant` that the host chooses for a call and an adapter, such as a tile size. */
  constants?(call: KernelCall, adapter: Adapter): Record<string, number>;
  /** Workgroups along x that one trial needs; trials are spread over y and z. */
  workgroups(call: KernelCall, adapter: Adapter): number;
  /** In words, what the host has chosen where there is a choice. */
  describe?(call: KernelCall, adapter: Adapter): string;
  readonly tuning?: Tuning;
  /** The same call for one trial on the CPU, in float64. */
  readonly twin: Twin;
  /** Of the kernels that lie between the parameters and their gradient. */
  readonly tangent?: Tangent;
  readonly counts: KernelCounts;
  /** Calls in which it is measured and checked, by the name under which they are listed: its own, or one of each kind. */
  readonly cases: Readonly<Record<string, (size: CaseSize) => KernelCase>>;
}

/** What a kernel's definition asks for, however it is computed, a trial. */
export interface KernelCounts {
  /** Floating-point operations; a transcendental function counts as one. */
  flops(call: KernelCall): number;
  /** Elements of the tensors of which a call touches only some. */
  readonly touched?: Readonly<Record<string, (call: KernelCall) => number>>;
  /** Tensors that are read and then written. */
  readonly inPlace?: readonly string[];
}

/** So many operations for each element of a tensor. */
export const each =
  (flops: number, tensor: string) =>
  ({ tensors }: KernelCall): number =>
    flops * tensors[tensor]!.length;

/** The configurations of a kernel among which only measuring tells the fastest (`autotune`). */
export interface Tuning {
  /** Calls of one size share a configuration. */
  sizeOf(call: KernelCall): string;
  /** Those that there are on an adapter; the first is taken where nothing has been measured. */
  configurations(adapter: Adapter): readonly string[];
  /** By size, a call that stands for the others, on tensors of its own, and how many trials together. */
  examples(
    adapter: Adapter,
  ): Readonly<Record<string, { readonly trials: number; readonly call: KernelCall }>>;
}

/** A key of `Adapter.tuned`. */
export const tunedKey = (kernel: string, size: string) => `${kernel}, ${size}`;

/** The configuration of a call: what was measured on this adapter, else the first. */
export function tunedTo(kernel: string, tuning: Tuning, call: KernelCall, adapter: Adapter): string {
  return adapter.tuned?.[tunedKey(kernel, tuning.sizeOf(call))] ?? tuning.configurations(adapter)[0]!;
}

export interface WgslPart {
  readonly file: string;
  readonly text: string;
}

/**
 * Where a tensor of one trial lies. Element i of trial t is
 * `buffer[offset + stride·index + i]`, where index is the trial's slot, data set or initial parameter vector (`owner`), and
 * stride is the buffer's elements per owner (0: one for all).
 */
export interface TensorView {
  readonly buffer: string;
  readonly offset: number;
  readonly length: number;
}

/** One kernel run for every trial: an entry of a plan. */
export interface KernelCall {
  readonly kernel: string;
  readonly tensors: Readonly<Record<string, TensorView>>;
  readonly fields: Readonly<Record<string, number>>;
  readonly variant: Readonly<Record<string, number>>;
}

/** Whose a buffer is: one region a trial, a data set, an initial parameter vector; the value is the index into a trial's entry. */
export const OWNER = { trial: 0, dataset: 1, initial: 2 } as const;
export type Owner = keyof typeof OWNER;
