import { expect } from 'vitest';
import { uploadStorage } from '../src/gpu/buffers';
import type { Gpu } from '../src/gpu/device';
import { readBuffers } from '../src/gpu/readback';
import { tunedKey, type Kernel, type KernelCall, type Owner, type TensorView } from '../src/kernels/kernel';
import { prepareSequence, type StorageBuffer } from '../src/kernels/sequence';
import { TrialList } from '../src/kernels/trials';
import type { Twin } from '../src/reference/twin';
import { testGpu } from './gpu_device';
import { mulberry32 } from './mulberry32';

export type Values = Float32Array | Uint32Array;

export interface TestTensor {
  /** What the tensor begins with, one array per owner (only the first when `stride0`). */
  readonly values?: readonly Values[];
  /** Instead of `values`, a pure output: its length, and how its bits are to be read. */
  readonly output?: { readonly length: number; readonly type?: 'f32' | 'u32' };
  /** Elements of the region before and behind the view; both are guarded. */
  readonly offset?: number;
  readonly padding?: number;
  /** Whose the arrays of `values` are; 'trial' unless told. */
  readonly owner?: Owner;
  /** One region for all. */
  readonly stride0?: boolean;
  /** How the twin sees the values; by default as the same numbers. */
  readonly toTwin?: (values: Values) => Float64Array;
}

export interface KernelTest {
  readonly kernel: Kernel;
  readonly twin: Twin;
  readonly tensors: Readonly<Record<string, TestTensor>>;
  readonly fields?: Readonly<Record<string, number>>;
  readonly variant?: Readonly<Record<string, number>>;
  /** Slots that exist, and those that run, in their order. By default [2, 0] of 3: shuffled and one dropped. */
  readonly slots?: number;
  readonly running?: readonly number[];
}

export interface TrialResult {
  /** For whose adapter the kernel was configured. */
  readonly adapter: 'hardware' | 'software';
  /** Of those that the kernel has for that adapter; '' where there is no choice. */
  readonly configuration: string;
  readonly slot: number;
  readonly seed: number;
  /** Every tensor after the run, on the GPU and by the twin. */
  readonly gpu: Readonly<Record<string, Values>>;
  readonly twin: Readonly<Record<string, Float64Array>>;
}

export const SLOTS = 3;
/** What outputs begin with: a float no kernel computes. */
const SENTINEL = 0xc640e6b7;
/** What surrounds inputs: a quiet NaN, so that a read beyond a view poisons the result. */
const POISON = 0x7fc0dead;

/** A tensor of `SLOTS` different arrays. */
export function perTrial(make: (slot: number) => Values, slots = SLOTS): Values[] {
  return Array.from({ length: slots }, (_, slot) => make(slot));
}

/** What a kernel is told of its adapter: it must be right in every configuration, whichever adapter the test runs on. */
const ADAPTERS = ['hardware', 'software'] as const;

/** Runs one call of a kernel in every configuration that it has; the results of one come after those of the other. */
export async function runKernel(test: KernelTest): Promise<TrialResult[]> {
  const results: TrialResult[] = [];
  const seen = new Set<string>();
  for (const adapter of test.kernel.constants ? ADAPTERS : ADAPTERS.slice(0, 1))
    for (const [configuration, gpu] of await gpusFor(test.kernel, adapter)) {
      const form = formOf(test, gpu);
      if (seen.has(`${adapter} ${form}`)) continue; // two configurations may come to the same for some calls
      seen.add(`${adapter} ${form}`);
      const run = await runConfigured(test, gpu);
      results.push(...run.map((result) => ({ ...result, adapter, configuration })));
    }
  return results;
}

/** All that the host chooses about a call. */
function formOf(test: KernelTest, { adapter }: Gpu): string {
  const { kernel } = test;
  const placed = Object.entries(test.tensors).map(([name, tensor]) => place(name, tensor, 1));
  const call = callOf(test, placed);
  const parts = kernel.parts?.(call, adapter).map(({ file }) => file);
  return JSON.stringify([parts, kernel.constants?.(call, adapter), kernel.workgroups(call, adapter)]);
}

/** The GPU as a kernel is told of it, for each of its configurations. */
async function gpusFor(kernel: Kernel, kind: TrialResult['adapter']): Promise<[string, Gpu][]> {
  const present = await testGpu();
  const adapter = { ...present.adapter, software: kind === 'software' };
  const { tuning } = kernel;
  if (!tuning) return [['', { ...present, adapter }]];
  const sizes = Object.keys(tuning.examples(adapter));
  return tuning.configurations(adapter).map((configuration) => {
    const tuned = Object.fromEntries(sizes.map((size) => [tunedKey(kernel.name, size), configuration]));
    return [configuration, { ...present, adapter: { ...adapter, tuned } }];
  });
}

/**
 * Runs one call of a kernel for several trials, and its twin on the same numbers for each. Fails on a validation error, and
 * when anything changed outside the views of the trials that ran.
 */
async function runConfigured(
  test: KernelTest,
  gpu: Gpu,
): Promise<Omit<TrialResult, 'adapter' | 'configuration'>[]> {
  const { kernel, twin, fields = {}, variant = {}, slots = SLOTS } = test;
  const running = test.running ?? (slots === SLOTS ? [2, 0] : Array.from({ length: slots }, (_, i) => i));
  const trials = running.map((slot) => trialOf(test, slot));
  const placed = Object.entries(test.tensors).map(([name, tensor]) => place(name, tensor, slots));
  const call = callOf(test, placed);

  const after = await submit(gpu, call, placed, trials);
  checkUntouched(kernel, placed, after, trials);

  return trials.map((trial) => {
    const tensors = Object.fromEntries(placed.map((p) => [p.name, twinTensor(p, trial)]));
    twin(tensors, { ...fields, ...variant, seed: trial.seed });
    const results = placed.map((p, i) => [p.name, p.read(after[i]!, indexOf(p, trial))] as const);
    return { slot: trial.trial, seed: trial.seed, gpu: Object.fromEntries(results), twin: tensors };
  });
}

function callOf({ kernel, fields = {}, variant = {} }: KernelTest, placed: readonly Placed[]): KernelCall {
  const tensors = Object.fromEntries(placed.map(({ name, view }) => [name, view]));
  return { kernel: kernel.name, tensors, fields, variant };
}

type Trial = Readonly<Record<Owner | 'seed', number>>;

/** Data set and initial vector are deliberately not the slot's own number. */
function trialOf(test: KernelTest, slot: number): Trial {
  const count = (owner: Owner) =>
    Math.max(1, ...Object.values(test.tensors).map((t) => (t.owner === owner ? (t.values?.length ?? 1) : 1)));
  return {
    trial: slot,
    dataset: (slot + 1) % count('dataset'),
    initial: (slot + 2) % count('initial'),
    seed: 0x9e3779b9 ^ (slot * 7919),
  };
}

interface Placed {
  readonly name: string;
  readonly tensor: TestTensor;
  readonly view: TensorView;
  readonly stride: number;
  readonly words: Uint32Array;
  read(words: Uint32Array, index: number): Values;
}

function place(name: string, tensor: TestTensor, slots: number): Placed {
  const { values, output, offset = 0, padding = 0, stride0 = false } = tensor;
  const length = values?.[0]?.length ?? output?.length ?? 0;
  const region = offset + length + padding;
  const words = new Uint32Array(region * (stride0 ? 1 : (values?.length ?? slots))).fill(
    values ? POISON : SENTINEL,
  );
  const stride = stride0 ? 0 : region;
  values?.forEach((v, i) => {
    if (i > 0 && stride0) return;
    words.set(new Uint32Array(v.buffer, v.byteOffset, v.length), i * region + offset);
  });
  const isUint = values ? values[0] instanceof Uint32Array : output?.type === 'u32';
  const read = (from: Uint32Array, index: number): Values => {
    const bits = from.slice(stride * index + offset, stride * index + offset + length);
    return isUint ? bits : new Float32Array(bits.buffer);
  };
  return { name, tensor, view: { buffer: name, offset, length }, stride, words, read };
}

function indexOf({ tensor }: Placed, trial: Trial): number {
  return trial[tensor.owner ?? 'trial'];
}

function twinTensor(placed: Placed, trial: Trial): Float64Array {
  const { tensor, view, words } = placed;
  if (!tensor.values) return new Float64Array(view.length);
  const values = placed.read(words, indexOf(placed, trial));
  return tensor.toTwin ? tensor.toTwin(values) : Float64Array.from(values);
}

async function submit(
  gpu: Gpu,
  call: KernelCall,
  placed: readonly Placed[],
  trials: readonly Trial[],
): Promise<Uint32Array[]> {
  gpu.device.pushErrorScope('validation');
  const buffers = placed.map(({ name, words }) => uploadStorage(gpu, `test.${name}`, words));
  const storage = new Map<string, StorageBuffer>();
  placed.forEach(({ name, stride, tensor }, i) =>
    storage.set(name, { buffer: buffers[i]!, stride, owner: tensor.owner ?? 'trial' }),
  );
  const list = new TrialList(
    gpu,
    Uint32Array.from(trials.flatMap(({ trial, dataset, initial, seed }) => [trial, dataset, initial, seed])),
  );
  const sequence = await prepareSequence(gpu, [call], storage, list);
  const encoder = gpu.device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  sequence.encode(pass, trials.length);
  pass.end();
  gpu.device.queue.submit([encoder.finish()]);
  const after = await readBuffers(
    gpu,
    buffers.map((buffer) => ({ buffer })),
  );
  const error = await gpu.device.popErrorScope();
  sequence.destroy();
  for (const buffer of [...buffers, list]) buffer.destroy();
  expect(error?.message, `${call.kernel}: validation`).toBeUndefined();
  return after.map((bytes) => new Uint32Array(bytes));
}

/** Inputs are as they were, and outputs outside the views of the trials that ran. */
function checkUntouched(
  kernel: Kernel,
  placed: readonly Placed[],
  after: readonly Uint32Array[],
  trials: readonly Trial[],
): void {
  placed.forEach((p, i) => {
    const expected = p.words.slice();
    if (kernel.tensors[p.name] === 'read_write') {
      for (const trial of trials) {
        const at = p.stride * indexOf(p, trial) + p.view.offset;
        expected.set(after[i]!.subarray(at, at + p.view.length), at);
      }
    }
    const changed = expected.findIndex((word, j) => word !== after[i]![j]);
    expect(changed, `${kernel.name} wrote outside its view of ${p.name}, at element`).toBe(-1);
  });
}

/**
 * Every element within `tolerance` (absolute, a number or by index) of what is expected, which is float64. What is not a
 * finite float32 must match by class: NaN, +∞, −∞.
 */
export function expectWithin(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number | ((index: number) => number),
): void {
  expect(actual.length, `${what}: length`).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const [found, wanted] = [actual[i]!, expected[i]!];
    const allowed = typeof tolerance === 'number' ? tolerance : tolerance(i);
    const rounded = Math.fround(wanted);
    const matches = Number.isFinite(rounded)
      ? Math.abs(found - wanted) <= allowed // false when found is NaN
      : Object.is(found, rounded);
    if (!matches) expect.fail(`${what}[${i}]: ${found}, expected ${wanted} ± ${allowed}`);
  }
}

/** Reproducible numbers that fill arrays with float32 values. */
export function numbers(seed: number): { uniform(count: number, low?: number, high?: number): Float32Array } {
  const next = mulberry32(seed);
  return {
    uniform: (count, low = -1, high = 1) =>
      Float32Array.from({ length: count }, () => low + (high - low) * next()),
  };
}
