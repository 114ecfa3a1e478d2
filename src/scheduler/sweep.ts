import type { Measure } from '../experiment/types';
import type { Engine, EngineFaultError } from '../training/engine';
import type { Manner } from '../training/manner';
import { tracingFor } from '../training/plan';
import { Collector, type SweepListener } from './collector';
import { DEFAULT_MEMORY } from './memory';
import { ProgressMeter, type Progress } from './progress';
import { Runner } from './runner';
import { TrialPlans } from './trial_plans';
import { TrialQueue } from './trial_queue';
import type { Trials } from './trials';

export type { Progress, SweepListener };

export interface SweepOptions {
  /** Bytes that all waves together may take on the engine's device; 256 MiB by default. A single trial runs though it needs more. */
  memory?: number;
  /** Also record every loss and norm of every step. */
  tracing?: boolean;
  /** What else is recorded of each trial. */
  measures?: readonly Measure[];
  /** In what shape trials are trained; by size, as many trials are, by default. */
  manner?: Manner;
}

export type SweepEnd = 'done' | 'stopped';

/**
 * Runs trials on an engine, once each: a queue of those that wait, a runner that trains them in waves, a collector of what came out.
 * Knows neither page nor GPU.
 */
export class Sweep {
  private readonly meter: ProgressMeter;
  private readonly runner: Runner;

  /** @param makeEngine called at the start, and again when the device was lost, or with the fault when an engine computed wrongly */
  constructor(
    private readonly trials: Trials,
    makeEngine: (fault?: EngineFaultError) => Promise<Engine>,
    listener: SweepListener,
    { memory = DEFAULT_MEMORY, tracing = false, measures = [], manner }: SweepOptions = {},
  ) {
    const plans = new TrialPlans(trials, tracing || tracingFor(measures), manner);
    this.meter = new ProgressMeter(trials.total);
    this.runner = new Runner(
      {
        trials,
        queue: new TrialQueue(trials, (trial) => plans.kindOf(trial)),
        plans,
        collector: new Collector(this.meter, listener, tracing),
        meter: this.meter,
        measures,
        makeEngine,
        fault: (words) => listener.fault?.(words),
      },
      memory,
    );
  }

  /**
   * Trains everything that is left.
   * @throws what the engine throws; EngineLostError and EngineFaultError only when new engines failed again and again
   */
  async run(): Promise<SweepEnd> {
    if (!this.runner.gate.isShut) this.meter.start();
    await this.runner.run();
    return this.meter.finished < this.trials.total.trials ? 'stopped' : 'done';
  }

  /** Holds the sweep after the slices in flight. */
  pause(): void {
    if (this.runner.isStopped) return;
    this.meter.pause();
    this.runner.gate.close();
  }

  resume(): void {
    if (!this.runner.gate.isShut) return;
    this.meter.start();
    this.runner.gate.open();
  }

  /** Ends the run after the slices in flight; what was finished stays. */
  stop(): void {
    this.resume();
    this.runner.stop();
  }
}
