import { createStorage } from '../gpu/buffers';
import type { Gpu, GpuAdapter } from '../gpu/device';
import { ShaderCompileError } from '../gpu/errors';
import { GpuTimer, type SamplingRules } from '../gpu/timing';
import { KERNELS } from './index';
import { tunedKey, type KernelCall, type Tuning } from './kernel';
import { prepareSequence, type StorageBuffer } from './sequence';
import { TrialList } from './trials';

/** Short, and of what is slow a single sample: only large differences count. */
const RULES: SamplingRules = { shortest: 0.002, samples: 3, slow: 0.02, slowSamples: 1 };
/** A configuration must be this much faster than the one by rule, so that noise does not choose between equals. */
const WORTH = 1.1;

/** What adapters were found to run fastest; for ever, so that a sweep goes on as it began when its device is lost. */
const found = new Map<string, Promise<string>>();

/**
 * This GPU, told in which configuration calls such as these run fastest. Measured by examples, once for each adapter, kernel
 * and size; kernels choose by rule where it has not been.
 */
export async function autotune(gpu: Gpu, calls: readonly KernelCall[]): Promise<Gpu> {
  const tuned = { ...gpu.adapter.tuned };
  for (const call of calls) {
    const tuning = KERNELS[call.kernel]?.tuning;
    if (!tuning) continue;
    const size = tuning.sizeOf(call);
    tuned[tunedKey(call.kernel, size)] ??= await remembered(gpu, call.kernel, tuning, size);
  }
  return { ...gpu, adapter: { ...gpu.adapter, tuned } };
}

function remembered(gpu: Gpu, kernel: string, tuning: Tuning, size: string): Promise<string> {
  const { name, software } = gpu.adapter;
  const key = JSON.stringify([name, software, kernel, size]);
  let fastest = found.get(key);
  if (!fastest) {
    found.set(key, (fastest = fastestOf(gpu, tunedKey(kernel, size), tuning, size)));
    fastest.catch(() => found.delete(key)); // a lost device has measured nothing
  }
  return fastest;
}

async function fastestOf(gpu: Gpu, key: string, tuning: Tuning, size: string): Promise<string> {
  const configurations = tuning.configurations(gpu.adapter);
  const [byRule = '', ...others] = configurations;
  const example = tuning.examples(gpu.adapter)[size];
  if (others.length === 0 || !example) return byRule;
  const bench = new Example(gpu, example);
  const timer = await GpuTimer.open(gpu);
  const measure = (configuration: string) =>
    bench.seconds({ ...gpu.adapter, tuned: { ...gpu.adapter.tuned, [key]: configuration } }, timer);
  try {
    let best = { configuration: byRule, seconds: (await measure(byRule)) / WORTH };
    for (const configuration of others) {
      const seconds = await measure(configuration);
      if (seconds < best.seconds) best = { configuration, seconds };
    }
    return best.configuration;
  } finally {
    timer.close();
    bench.close();
  }
}

/** A call on tensors of zeros. */
class Example {
  private readonly call: KernelCall;
  private readonly trials: number;
  private readonly storage: ReadonlyMap<string, StorageBuffer>;
  private readonly list: TrialList;

  constructor(
    private readonly gpu: Gpu,
    { call, trials }: ReturnType<Tuning['examples']>[string],
  ) {
    this.call = call;
    this.trials = trials;
    this.storage = new Map(
      Object.values(call.tensors).map(({ buffer, length }) => [
        buffer,
        { buffer: createStorage(gpu, `autotune.${buffer}`, length * trials), stride: length, owner: 'trial' },
      ]),
    );
    const slots = Array.from({ length: trials }, (_, slot) => [slot, 0, 0, 0]);
    this.list = new TrialList(gpu, Uint32Array.from(slots.flat()));
  }

  /** The time of one call; infinite where the driver refuses a configuration. */
  async seconds(adapter: GpuAdapter, timer: GpuTimer): Promise<number> {
    try {
      const sequence = await prepareSequence({ ...this.gpu, adapter }, [this.call], this.storage, this.list);
      const { median } = await timer.time((pass) => sequence.encode(pass, this.trials), RULES);
      sequence.destroy();
      return median;
    } catch (error) {
      if (error instanceof ShaderCompileError) return Infinity;
      throw error;
    }
  }

  close(): void {
    this.list.destroy();
    for (const { buffer } of this.storage.values()) buffer.destroy();
  }
}
