import type { Experiment } from '../experiment/types';
import { measureRate } from '../scheduler/calibrate';
import { EdgeFinder, type EdgeLine } from '../scheduler/edge_finder';
import { checkNetworks } from '../scheduler/feasible';
import { Lockstep } from '../scheduler/lockstep';
import { shapesIn, type Manners } from '../scheduler/manners';
import { Sweep, type SweepListener, type SweepOptions } from '../scheduler/sweep';
import { TrialSource } from '../scheduler/trial_source';
import { ListedTrials, named, type Trials } from '../scheduler/trials';
import { EngineLostError } from '../training/engine';
import { MANY, mannerFor, type Manner } from '../training/manner';
import { tracingFor } from '../training/plan';
import { LONGER } from '../training/outcome';
import type { SharedEngine } from './shared_engine';

/** Which share of the memory that a person allowed each kind of run may take. */
export interface Shares {
  readonly sweep: number;
  readonly traces: number;
  readonly edges: number;
}

/** For runs of which one begins when the one before has ended. */
export const ONE_BY_ONE: Shares = { sweep: 1, traces: 1, edges: 1 };

/** For runs that train beside each other, in each of so many workers. */
export function beside(workers: number): Shares {
  const small = 1 / 16 / workers;
  return { sweep: 1 / workers - 2 * small, traces: small, edges: small };
}

type Listener = Omit<SweepListener, 'fault'>;

/** What is trained of one experiment: all of its trials, and some of them once more for a closer look; on one engine. */
export class SweepRuns {
  readonly source: TrialSource;
  /** In what shape trials are trained. */
  private manner: Manner = MANY;

  /**
   * @param memory bytes of the engine's device for all runs of all workers
   * @param fault is told what was wrong, in words, and that the same trials are trained once more
   */
  constructor(
    readonly experiment: Experiment,
    private readonly engine: SharedEngine,
    private readonly memory: number,
    private readonly shares: Shares,
    private readonly fault: (words: string) => void,
  ) {
    this.source = new TrialSource(experiment);
  }

  /**
   * Opens the engine and checks that it can train every network of the experiment.
   * @param tracing also with every step recorded
   * @returns the adapter's label
   * @throws InfeasibleError, GpuUnavailableError
   */
  check({ tracing = false } = {}): Promise<string> {
    const { experiment, memory, shares, manner } = this;
    return this.engine.with(async (engine) => {
      checkNetworks(engine, experiment, memory, {
        share: shares.sweep,
        tracing: tracingFor(experiment.measures),
        manner,
      });
      if (tracing) checkNetworks(engine, experiment, memory, { share: shares.traces, tracing, manner });
      return engine.adapter;
    });
  }

  /** Trial-steps a second of the engine on this experiment. */
  measureRate(): Promise<number> {
    return this.engine.with((engine) => measureRate(engine, this.experiment, this.memory, this.manner));
  }

  /**
   * From now on trains in this manner.
   * @returns the shapes that this comes to, as results name them
   */
  trainIn(manner: Manner): Promise<string> {
    this.manner = manner;
    return this.engine.with(async (engine) => shapesIn(engine, this.experiment, manner));
  }

  /** The manner in which the engine trains the experiment fastest; by size where it is lost on the way, which the sweep itself will tell. */
  fastest(manners: Manners): Promise<Manner> {
    return this.engine.with((engine) =>
      manners.fastest(engine, this.experiment, this.memory).catch((error: unknown) => {
        if (error instanceof EngineLostError) return mannerFor(this.source.grid.trials);
        throw error;
      }),
    );
  }

  /** @param trials some of `source`, or all */
  train(trials: Trials, listener: Listener): Sweep {
    const { measures } = this.experiment;
    return this.sweep(trials, listener, { memory: this.shares.sweep * this.memory, measures });
  }

  /** Some trials once more, now with every step recorded: training a trial again changes nothing in it. */
  trace(trials: readonly number[], listener: Pick<SweepListener, 'trace' | 'progress'>): Sweep {
    const options = { memory: this.shares.traces * this.memory, tracing: true };
    return this.sweep(named(this.source, trials), { results: () => undefined, ...listener }, options);
  }

  /** Some trials once more, each for LONGER times as many steps. */
  longer(trials: readonly number[], results: SweepListener['results']): Sweep {
    const documents = trials.map((trial) => {
      const document = this.source.document(trial);
      const { optimizer } = document;
      return { ...document, optimizer: { ...optimizer, steps: LONGER * optimizer.steps } };
    });
    return this.train(new ListedTrials(documents), {
      results: (batch) => results({ ...batch, trial: batch.trial.map((listed) => trials[listed]!) }),
    });
  }

  /** All trials once more, together, as far as is asked; in the memory that a sweep may take. */
  lockstep(): Lockstep {
    const { source, engine, shares, memory, fault, manner } = this;
    return new Lockstep(source, engine.lease(), shares.sweep * memory, fault, manner);
  }

  /** The search for the largest learning rates on a line of the maps. */
  edges(line: EdgeLine, found: (finder: EdgeFinder) => void): EdgeFinder {
    const finder: EdgeFinder = new EdgeFinder(
      this.experiment,
      line,
      () => this.engine.lease(),
      { found: () => found(finder), fault: this.fault },
      this.shares.edges * this.memory,
      this.manner,
    );
    return finder;
  }

  private sweep(trials: Trials, listener: Listener, options: SweepOptions): Sweep {
    const { engine, fault, manner } = this;
    return new Sweep(trials, engine.lease(), { ...listener, fault }, { ...options, manner });
  }
}
