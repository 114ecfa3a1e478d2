import { createBuffer } from './buffers';
import type { Gpu } from './device';
import { readBuffers, whenDone } from './readback';

/** `timestamps`: the adapter's own clock, around a pass; `difference`: t(2N) − t(N) of the page's clock, around two submits. */
export type TimingMethod = 'timestamps' | 'difference';

export const METHOD_WORDS: Readonly<Record<TimingMethod, string>> = {
  timestamps: 'timestamp queries around one pass of N repeats, divided by N',
  difference: '(t(2N) − t(N)) / N around onSubmittedWorkDone',
};

export interface Timing {
  /** Of one repeat, in seconds. */
  readonly median: number;
  /** Interquartile range, in seconds. */
  readonly spread: number;
  readonly samples: number;
  /** N: repeats in a sample. */
  readonly repeats: number;
}

/** Seconds that `repeats` of some work took. May be off by the clock's resolution, and so below 0. */
export type Sampler = (repeats: number) => Promise<number>;

export interface SamplingRules {
  /** A sample lasts at least this many seconds. */
  readonly shortest: number;
  readonly samples: number;
  /** Of the same work, when a sample lasts longer than `slow` seconds. */
  readonly slow: number;
  readonly slowSamples: number;
}

const WARM_UPS = 3;
const MOST_REPEATS = 2 ** 14;
const GROWTH = 16;

/** On a software adapter a sample may last seconds; `quick` is for a first look. */
export function samplingRules(software: boolean, quick = false): SamplingRules {
  const samples = quick ? 5 : 10;
  const slow = software ? 0.3 : Infinity;
  return { shortest: quick ? 0.004 : 0.01, samples, slow, slowSamples: quick ? 2 : 4 };
}

/** Warms up while it looks for the number of repeats that lasts long enough, then samples. */
export async function timeRepeats(sample: Sampler, rules: SamplingRules): Promise<Timing> {
  let repeats = 1;
  let seconds = 0;
  for (let warmUps = 0; warmUps < WARM_UPS || (seconds < rules.shortest && repeats < MOST_REPEATS);) {
    if (warmUps > 0) repeats = moreRepeats(repeats, seconds, rules.shortest);
    seconds = await sample(repeats);
    warmUps += 1;
  }
  const count = seconds > rules.slow ? rules.slowSamples : rules.samples;
  const found: number[] = [];
  while (found.length < count) found.push((await sample(repeats)) / repeats);
  return { ...medianAndSpread(found), samples: count, repeats };
}

function moreRepeats(repeats: number, seconds: number, shortest: number): number {
  if (seconds >= shortest) return repeats;
  const factor = Math.min(GROWTH, Math.max(1.25, (1.25 * shortest) / Math.max(seconds, 1e-9)));
  return Math.min(MOST_REPEATS, Math.ceil(repeats * factor));
}

/** Median and interquartile range, quantiles by linear interpolation. */
export function medianAndSpread(values: readonly number[]): { median: number; spread: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const quantile = (share: number) => {
    const at = share * (sorted.length - 1);
    const below = sorted[Math.floor(at)]!;
    return below + (at % 1) * (sorted[Math.ceil(at)]! - below);
  };
  return { median: quantile(0.5), spread: quantile(0.75) - quantile(0.25) };
}

/** How often a wait is timed: the first ends at whatever moment, the next begin where one has ended, and one may be an accident. */
const WAIT_PROBES = 3;
/** How many times as long as a wait takes by itself a sample should last, where the page's clock times it. */
const WAITS_WORTH = 3;

/** Milliseconds that a wait for nothing takes: some browsers look only now and then whether the GPU is done. */
export async function emptyWait(wait: () => Promise<unknown>): Promise<number> {
  const waits: number[] = [];
  while (waits.length < WAIT_PROBES) {
    const start = performance.now();
    await wait();
    waits.push(performance.now() - start);
  }
  return medianAndSpread(waits).median;
}

/** Times work on one GPU. */
export class GpuTimer {
  private constructor(
    private readonly gpu: Gpu,
    readonly method: TimingMethod,
    /** Seconds that the clock's ticks are apart; 0 where nobody can tell. */
    readonly quantisation: number,
    private readonly clock: TimestampClock | undefined,
    /** Seconds that a sample lasts at least, so that what a wait takes by itself does not count. */
    private readonly shortest = 0,
  ) {}

  /** Finds out by which clock this device can be timed, and how fine that is. */
  static async open(gpu: Gpu): Promise<GpuTimer> {
    if (!gpu.features.has('timestamp-query')) {
      const shortest = (WAITS_WORTH * (await emptyWait(() => whenDone(gpu)))) / 1000;
      return new GpuTimer(gpu, 'difference', 0, undefined, shortest);
    }
    const clock = new TimestampClock(gpu);
    return new GpuTimer(gpu, 'timestamps', await clock.quantisation(), clock);
  }

  /** @param encode appends one repeat of the work to a pass */
  time(encode: (pass: GPUComputePassEncoder) => void, rules: SamplingRules): Promise<Timing> {
    const repeat = (pass: GPUComputePassEncoder, repeats: number) => {
      for (let i = 0; i < repeats; i += 1) encode(pass);
    };
    const { clock } = this;
    if (clock) return timeRepeats((repeats) => clock.seconds((pass) => repeat(pass, repeats)), rules);
    const shortest = Math.max(rules.shortest, this.shortest);
    return timeRepeats(
      async (repeats) => (await this.waited(2 * repeats, repeat)) - (await this.waited(repeats, repeat)),
      { ...rules, shortest },
    );
  }

  close(): void {
    this.clock?.close();
  }

  private async waited(
    repeats: number,
    encode: (pass: GPUComputePassEncoder, repeats: number) => void,
  ): Promise<number> {
    const { device } = this.gpu;
    const encoder = device.createCommandEncoder({ label: 'timing' });
    const pass = encoder.beginComputePass({ label: 'timing' });
    encode(pass, repeats);
    pass.end();
    const commands = encoder.finish();
    const start = performance.now();
    device.queue.submit([commands]);
    await whenDone(this.gpu);
    return (performance.now() - start) / 1000;
  }
}

/** Passes by which the ticks of a clock are found: any two ticks are a whole number of quanta apart. */
const TICK_PROBES = 8;

class TimestampClock {
  private readonly queries: GPUQuerySet;
  private readonly resolved: GPUBuffer;

  constructor(private readonly gpu: Gpu) {
    this.queries = gpu.device.createQuerySet({ label: 'timing', type: 'timestamp', count: 2 });
    this.resolved = createBuffer(gpu, 'timing', 16, GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC);
  }

  async seconds(work: (pass: GPUComputePassEncoder) => void): Promise<number> {
    const [begin, end] = await this.ticks(work);
    // As signed integers: a driver may give the end of an empty pass before its beginning.
    return Number(BigInt.asIntN(64, end - begin)) / 1e9;
  }

  async quantisation(): Promise<number> {
    const ticks: bigint[] = [];
    for (let i = 0; i < TICK_PROBES; i += 1) ticks.push(...(await this.ticks(() => undefined)));
    return Number(quantumOf(ticks)) / 1e9;
  }

  close(): void {
    this.queries.destroy();
    this.resolved.destroy();
  }

  private async ticks(work: (pass: GPUComputePassEncoder) => void): Promise<[bigint, bigint]> {
    const encoder = this.gpu.device.createCommandEncoder({ label: 'timing' });
    const pass = encoder.beginComputePass({
      label: 'timing',
      timestampWrites: {
        querySet: this.queries,
        beginningOfPassWriteIndex: 0,
        endOfPassWriteIndex: 1,
      },
    });
    work(pass);
    pass.end();
    encoder.resolveQuerySet(this.queries, 0, 2, this.resolved, 0);
    this.gpu.device.queue.submit([encoder.finish()]);
    const [bytes] = await readBuffers(this.gpu, [{ buffer: this.resolved }]);
    const [begin = 0n, end = 0n] = new BigUint64Array(bytes!);
    return [begin, end];
  }
}

/** The largest number of which all timestamps are multiples; browsers round them to 65,536 or 100,000 ns. */
export function quantumOf(ticks: readonly bigint[]): bigint {
  const distinct = [...new Set(ticks)];
  if (distinct.length < 2) return 0n;
  return distinct.reduce(greatestCommonDivisor);
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}
