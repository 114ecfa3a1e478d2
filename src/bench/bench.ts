import { requestGpu, type Gpu } from '../gpu/device';
import { DeviceLostError } from '../gpu/errors';
import { lostAfter } from '../gpu/readback';
import { GpuTimer, samplingRules, type TimingMethod } from '../gpu/timing';
import { autotune } from '../kernels/autotune';
import { EngineFaultError, EngineLostError } from '../training/engine';
import { ENGINE_NAMES, openEngine } from '../training/engines';
import { measureCeilings, type Ceilings } from './ceilings';
import { benchEngine, type EngineMeasurement } from './engine_bench';
import { benchCall, benchKernel, type KernelMeasurement } from './kernel_bench';
import type { KernelSize } from './kernel_sizes';
import type { Workload } from './workloads';

export interface KernelChoice {
  readonly name: string;
  readonly size: KernelSize;
}

/** What is to be measured. */
export interface BenchPlan {
  /** By whether the adapter is software, which some sizes would keep for minutes. */
  kernels(software: boolean): readonly KernelChoice[];
  readonly workloads: readonly Workload[];
  /** Of each workload. */
  trials(software: boolean): number;
  /** Bytes that they may take on the adapter. */
  readonly memory: number;
  /** Fewer and shorter samples. */
  readonly quick: boolean;
}

/** What was measured; also the JSON that is exported. */
export interface BenchReport {
  readonly format: 'normscape/bench';
  readonly version: 1;
  /** ISO 8601 */
  readonly date: string;
  readonly adapter: { readonly name: string; readonly software: boolean };
  readonly clock: {
    readonly method: TimingMethod;
    /** Seconds; 0: not known. */
    readonly quantisation: number;
  };
  readonly ceilings: Ceilings;
  readonly kernels: readonly KernelMeasurement[];
  readonly engines: readonly EngineMeasurement[];
}

export interface BenchListener {
  /** Something begins to be measured, the `at`-th of `total`. */
  begins(what: string, at: number, total: number): void;
  /** Something more was measured. */
  measured(report: BenchReport): void;
  /** Something was wrong, in words, and what is measured goes on. */
  fault?(words: string): void;
}

/** How often in a row, with nothing measured in between, a new device is taken after one was lost. */
const LOSSES = 3;

/**
 * Measures the ceilings, then every kernel, then every engine, one after the other.
 * @param entry `navigator.gpu` or Dawn's
 * @param secure `isSecureContext`; true outside a browser
 * @throws GpuUnavailableError
 */
export async function runBench(
  entry: GPU | undefined,
  secure: boolean,
  plan: BenchPlan,
  listener: BenchListener,
): Promise<BenchReport> {
  const tell = (words: string) => listener.fault?.(words);
  let report: BenchReport | undefined;
  for (let losses = 0; ;) {
    const isFirst = losses === 0 && !report; // a later one is asked for because one was lost, which has been told
    const gpu = await requestGpu(entry, { secure, ...(isFirst && { tell }) });
    try {
      const bench = await Bench.open(
        gpu,
        plan,
        {
          begins: (...step) => listener.begins(...step),
          measured(more) {
            losses = 0;
            report = more;
            listener.measured(more);
          },
        },
        report,
      );
      await bench.kernels();
      await bench.engines(entry, secure);
      return bench.report;
    } catch (error) {
      const lost = await lossOf(gpu, error);
      if (!lost || losses === LOSSES) throw lost ?? error;
      losses += 1;
      tell(`${gpu.adapter.name}: ${lost.message}. Measured further on a new device.`);
    } finally {
      gpu.destroy();
    }
  }
}

/** That a device was lost, if `error` comes of that. */
async function lossOf(gpu: Gpu, error: unknown): Promise<Error | undefined> {
  if (error instanceof EngineLostError) return error;
  return lostAfter(gpu, error).then(
    () => undefined,
    (lost: unknown) => (lost instanceof DeviceLostError ? lost : undefined),
  );
}

class Bench {
  /** Rows, with those that were measured on a device that was lost. */
  private done: number;

  private constructor(
    private readonly gpu: Gpu,
    private readonly timer: GpuTimer,
    private readonly plan: BenchPlan,
    private readonly choices: readonly KernelChoice[],
    private readonly listener: BenchListener,
    public report: BenchReport,
  ) {
    this.done = report.kernels.length + report.engines.length;
  }

  /** @param before what was measured of the same on a device that was lost */
  static async open(
    gpu: Gpu,
    plan: BenchPlan,
    listener: BenchListener,
    before: BenchReport | undefined,
  ): Promise<Bench> {
    const { name, software } = gpu.adapter;
    const timer = await GpuTimer.open(gpu);
    const choices = plan.kernels(software);
    if (before?.adapter.name === name) return new Bench(gpu, timer, plan, choices, listener, before);
    listener.begins('the ceilings', 1, total(choices, plan));
    const ceilings = await measureCeilings(gpu, timer, samplingRules(software, plan.quick));
    return new Bench(gpu, timer, plan, choices, listener, {
      format: 'normscape/bench',
      version: 1,
      date: new Date().toISOString(),
      adapter: { name, software },
      clock: { method: timer.method, quantisation: timer.quantisation },
      ceilings,
      kernels: [],
      engines: [],
    });
  }

  async kernels(): Promise<void> {
    const { gpu, timer, plan, choices, report } = this;
    const rules = samplingRules(gpu.adapter.software, plan.quick);
    // They are measured in this order.
    for (const { name, size } of choices.slice(report.kernels.length)) {
      this.begin(name);
      const tuned = await autotune(gpu, [benchCall(name, size)]);
      const row = await benchKernel(tuned, timer, report.ceilings, name, size, rules);
      this.add({ kernels: [...this.report.kernels, row] });
    }
    timer.close();
  }

  async engines(entry: GPU | undefined, secure: boolean): Promise<void> {
    const { plan } = this;
    const { software } = this.gpu.adapter;
    const rules = samplingRules(software, plan.quick);
    const together = { trials: plan.trials(software), memory: plan.memory };
    for (const name of plan.workloads.length > 0 ? ENGINE_NAMES : []) {
      let engine = await openEngine(name, entry, secure);
      try {
        for (const workload of plan.workloads) {
          if (this.report.engines.some((row) => row.engine === name && row.workload === workload.id))
            continue;
          this.begin(`${workload.id}, ${name}`);
          for (let row: EngineMeasurement | undefined; !row;) {
            try {
              row = await benchEngine(engine, workload, together, rules);
              this.add({ engines: [...this.report.engines, row] });
            } catch (error) {
              const steps = error instanceof EngineFaultError ? error.fewerSteps : undefined;
              if (steps === undefined) throw error;
              engine.close();
              engine = await openEngine(name, entry, secure, { steps });
            }
          }
        }
      } finally {
        engine.close();
      }
    }
  }

  private begin(what: string): void {
    this.done += 1;
    this.listener.begins(what, 1 + this.done, total(this.choices, this.plan));
  }

  private add(rows: Partial<Pick<BenchReport, 'kernels' | 'engines'>>): void {
    this.report = { ...this.report, ...rows };
    this.listener.measured(this.report);
  }
}

/** The ceilings are one. */
function total(choices: readonly KernelChoice[], { workloads }: BenchPlan): number {
  return 1 + choices.length + workloads.length * ENGINE_NAMES.length;
}
