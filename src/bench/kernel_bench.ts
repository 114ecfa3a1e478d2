import { createStorage, upload } from '../gpu/buffers';
import type { Gpu } from '../gpu/device';
import { readBuffers } from '../gpu/readback';
import type { GpuTimer, SamplingRules, Timing } from '../gpu/timing';
import { KERNELS } from '../kernels/index';
import type { Kernel, KernelCall } from '../kernels/kernel';
import { prepareSequence, type StorageBuffer } from '../kernels/sequence';
import { TrialList } from '../kernels/trials';
import type { Ceilings } from './ceilings';
import type { CaseTensor, KernelCase } from '../kernels/kernel_case';
import type { KernelSize } from './kernel_sizes';

/** What is measured, by the name under which it is listed, and the kernel that it calls. */
const CASES = new Map(
  Object.values(KERNELS).flatMap((kernel) =>
    Object.entries(kernel.cases).map(([name, make]) => [name, { kernel, make }] as const),
  ),
);
export const KERNEL_NAMES: readonly string[] = [...CASES.keys()];

/** One kernel at one size, on one adapter. */
export interface KernelMeasurement {
  readonly kernel: string;
  readonly size: string;
  readonly trials: number;
  /** In words, how the host makes it; '' for a kernel that has but one way. */
  readonly configuration: string;
  /** Seconds of one call for all trials. */
  readonly gpu: Timing;
  /** Seconds of the CPU twin for all trials, and the share of that work that was really done. */
  readonly reference: { readonly seconds: number; readonly share: number };
  /** CPU time / GPU time. */
  readonly ratio: number;
  /** From the float64 twin, absolute. */
  readonly largestError: number;
  /** The same as a share of what float32's rounding may cost there; at most 1 where the kernel is right. */
  readonly errorShare: number;
  readonly flopsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly bound: 'compute' | 'bandwidth';
  /** Of what the measured ceilings allow this kernel. */
  readonly ceilingShare: number;
}

/** The call that is measured under a name. */
export function benchCall(name: string, size: KernelSize): KernelCall {
  const { kernel, made } = caseNamed(name, size);
  return callOf(kernel, made);
}

/** @throws Error where nothing is measured under that name */
function caseNamed(name: string, size: KernelSize): { kernel: Kernel; made: KernelCase } {
  const found = CASES.get(name);
  if (!found) throw new Error(`nothing is measured under the name ${name}`);
  return { kernel: found.kernel, made: found.make(size) };
}

/** Each tensor in a buffer of its own. */
function callOf({ name }: Kernel, { tensors, fields, variant }: KernelCase): KernelCall {
  const views = Object.entries(tensors).map(
    ([tensor, { length }]) => [tensor, { buffer: tensor, offset: 0, length }] as const,
  );
  return { kernel: name, tensors: Object.fromEntries(views), fields, variant };
}

/** Operations of a call, and bytes that it moves: every input read once, every output written once. */
export function kernelCounts(
  call: KernelCall,
  trials: number,
  shared: ReadonlySet<string>,
): { flops: number; bytes: number } {
  const { flops, touched, inPlace } = KERNELS[call.kernel]!.counts;
  let words = 0;
  for (const [name, { length }] of Object.entries(call.tensors)) {
    const times = inPlace?.includes(name) ? 2 : 1;
    words += (touched?.[name]?.(call) ?? length) * times * (shared.has(name) ? 1 : trials);
  }
  return { flops: trials * flops(call), bytes: words * Float32Array.BYTES_PER_ELEMENT };
}

/** Trials whose results are compared with the twin's. */
const COMPARED = 4;

/**
 * Checks a kernel against its twin, and times both.
 * @param name of `KERNEL_NAMES`
 */
export async function benchKernel(
  gpu: Gpu,
  timer: GpuTimer,
  ceilings: Ceilings,
  name: string,
  size: KernelSize,
  rules: SamplingRules,
): Promise<KernelMeasurement> {
  const { kernel, made } = caseNamed(name, size);
  const trials = size.trials;
  const values = fill(made, trials);
  const bench = new KernelOnGpu(gpu, kernel, made, trials);
  try {
    bench.upload(values);
    const sequence = await prepareSequence(gpu, [bench.call], bench.storage, bench.trials);
    try {
      const encode = (pass: GPUComputePassEncoder) => sequence.encode(pass, trials);
      const outputs = await bench.runOnce(encode, Math.min(COMPARED, trials));
      const compared = compare(kernel, made, values, outputs, Math.min(COMPARED, trials));
      const timing = await timer.time(encode, rules);
      const reference = timeReference(kernel, made, values, trials);
      const shared = new Set(Object.keys(made.tensors).filter((tensor) => made.tensors[tensor]!.shared));
      const { flops, bytes } = kernelCounts(bench.call, trials, shared);
      const computeSeconds = flops / ceilings.flops;
      const bandwidthSeconds = bytes / ceilings.bytes;
      return {
        kernel: name,
        size: size.id,
        trials,
        configuration: kernel.describe?.(bench.call, gpu.adapter) ?? '',
        gpu: timing,
        reference,
        ratio: reference.seconds / timing.median,
        ...compared,
        flopsPerSecond: flops / timing.median,
        bytesPerSecond: bytes / timing.median,
        bound: computeSeconds > bandwidthSeconds ? 'compute' : 'bandwidth',
        ceilingShare: Math.max(computeSeconds, bandwidthSeconds) / timing.median,
      };
    } finally {
      sequence.destroy();
    }
  } finally {
    bench.close();
  }
}

type Words = Uint32Array<ArrayBuffer>;
/** The words of each tensor, all trials one after the other. */
type Values = Readonly<Record<string, Words>>;

const regions = (tensor: CaseTensor, trials: number) => (tensor.shared ? 1 : trials);

function fill(made: KernelCase, trials: number): Values {
  const random = uniform(1);
  return Object.fromEntries(
    Object.entries(made.tensors).map(([name, tensor]) => {
      const count = regions(tensor, trials);
      const words = new Uint32Array(tensor.length * count);
      for (let i = 0; tensor.fill && i < count; i += 1)
        words.set(new Uint32Array(tensor.fill(random).buffer), i * tensor.length);
      return [name, words];
    }),
  );
}

/** Reproducible numbers from 0 to 1: xorshift32. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const seedOf = (trial: number) => 0x9e3779b9 ^ trial;

class KernelOnGpu {
  readonly storage = new Map<string, StorageBuffer>();
  readonly trials: TrialList;
  readonly call: KernelCall;

  constructor(
    private readonly gpu: Gpu,
    private readonly kernel: Kernel,
    private readonly made: KernelCase,
    trials: number,
  ) {
    this.call = callOf(kernel, made);
    const entries = Array.from({ length: trials }, (_, trial) => [trial, trial, trial, seedOf(trial)]);
    this.trials = new TrialList(gpu, Uint32Array.from(entries.flat()));
    for (const [tensor, described] of Object.entries(made.tensors)) {
      const { length, shared = false } = described;
      const buffer = createStorage(gpu, `bench.${tensor}`, length * regions(described, trials));
      this.storage.set(tensor, { buffer, stride: shared ? 0 : length, owner: 'trial' });
    }
  }

  upload(values: Values): void {
    for (const [name, { buffer }] of this.storage) upload(this.gpu, buffer, values[name]!);
  }

  /** The outputs of the first trials after one call. */
  async runOnce(encode: (pass: GPUComputePassEncoder) => void, count: number): Promise<Values> {
    const { device } = this.gpu;
    const encoder = device.createCommandEncoder({ label: 'bench' });
    const pass = encoder.beginComputePass({ label: 'bench' });
    encode(pass);
    pass.end();
    device.queue.submit([encoder.finish()]);
    const names = Object.keys(this.made.tensors).filter((name) => this.kernel.tensors[name] === 'read_write');
    const stretches = names.map((name) => ({
      buffer: this.storage.get(name)!.buffer,
      size: count * this.made.tensors[name]!.length * 4,
    }));
    const bytes = await readBuffers(this.gpu, stretches);
    return Object.fromEntries(names.map((name, i) => [name, new Uint32Array(bytes[i]!)]));
  }

  close(): void {
    this.trials.destroy();
    for (const { buffer } of this.storage.values()) buffer.destroy();
  }
}

const toFloats = (words: Words) =>
  Float64Array.from(new Float32Array(words.buffer, words.byteOffset, words.length));

/** The twin's work for one trial on fresh tensors; the excerpt of it where it would take too long. */
function twinCall(
  kernel: Kernel,
  made: KernelCase,
  values: Values,
  trial: number,
): { tensors: Record<string, Float64Array>; run: () => void } {
  const tensors = Object.fromEntries(
    Object.entries(made.tensors).map(([tensor, { length, shared, decode = toFloats }]) => {
      const first = shared ? 0 : trial * length;
      const used = made.excerpt?.lengths[tensor] ?? length;
      return [tensor, decode(values[tensor]!.slice(first, first + used))];
    }),
  );
  const scalars = { ...made.fields, ...made.excerpt?.fields, ...made.variant, seed: seedOf(trial) };
  return { tensors, run: () => kernel.twin(tensors, scalars) };
}

function compare(
  kernel: Kernel,
  made: KernelCase,
  values: Values,
  outputs: Values,
  trials: number,
): Pick<KernelMeasurement, 'largestError' | 'errorShare'> {
  let largestError = 0;
  let errorShare = 0;
  for (let trial = 0; trial < trials; trial += 1) {
    const { tensors, run } = twinCall(kernel, made, values, trial);
    run();
    for (const [output, allowed] of Object.entries(made.allowed(tensors))) {
      const expected = tensors[output]!;
      const { length, decode = toFloats } = made.tensors[output]!;
      const found = decode(outputs[output]!.slice(trial * length, trial * length + expected.length));
      for (const [i, wanted] of expected.entries()) {
        const error = Math.abs(found[i]! - wanted);
        if (error === 0) continue;
        // What is no number is wrong beyond measure.
        largestError = Number.isNaN(error) ? Infinity : Math.max(largestError, error);
        errorShare = Number.isNaN(error) ? Infinity : Math.max(errorShare, error / allowed(i));
      }
    }
  }
  return { largestError, errorShare };
}

/** The twin is timed for at least and at most about this long; milliseconds. */
const SHORTEST = 20;
const LONGEST = 250;

function timeReference(
  kernel: Kernel,
  made: KernelCase,
  values: Values,
  trials: number,
): { seconds: number; share: number } {
  const calls = Array.from({ length: Math.min(COMPARED, trials) }, (_, trial) =>
    twinCall(kernel, made, values, trial),
  );
  const start = performance.now();
  for (const { run } of calls) if (performance.now() - start < LONGEST) run(); // warms up
  let runs = 0;
  let elapsed = 0;
  const began = performance.now();
  while (runs === 0 || ((runs < trials || elapsed < SHORTEST) && elapsed < LONGEST)) {
    calls[runs % calls.length]!.run();
    runs += 1;
    elapsed = performance.now() - began;
  }
  const share = made.excerpt?.share ?? 1;
  return {
    seconds: ((elapsed / 1000) * trials) / (runs * share),
    share: Math.min(1, runs / trials) * share,
  };
}
