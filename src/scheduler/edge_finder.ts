import { trialDocument } from '../experiment/trial';
import type { Axis, Experiment, TrialDocument } from '../experiment/types';
import type { Engine, EngineFaultError } from '../training/engine';
import { MANY, type Manner } from '../training/manner';
import { STATES, trains, type TrialState } from '../training/outcome';
import { EdgeSearch, type Edge, type Wanted } from './edge_search';
import { Sweep } from './sweep';
import { ListedTrials } from './trials';

/** Where edges are looked for: along an axis that is a learning rate, at a value of the other one. */
export interface EdgeLine {
  readonly along: 'x' | 'y';
  readonly across: number | undefined;
}

/** An edge, and whether the trials below it had nothing to learn: their loss was below the target before any training. */
export interface FoundEdge extends Edge {
  readonly already: boolean;
}

/** By arm, then seed; 'none' where no rate trains. */
export type Edges = readonly (readonly (FoundEdge | 'none')[])[];

export interface EdgeListener {
  /** After every round. */
  found(): void;
  fault(words: string): void;
}

/** Of a linear axis that begins at 0 or below, how far below its end the search begins. */
const REACH = 1e5;

/** The rates among which the edge along an axis is looked for. */
export function rangeOf({ from, to }: Axis): { from: number; to: number } | undefined {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  if (!(high > 0)) return undefined;
  return { from: low > 0 ? low : high / REACH, to: high };
}

/** Finds the edges of all arms along a line of a map, over several seeds, on an engine. */
export class EdgeFinder {
  private readonly search: EdgeSearch | undefined;
  /** Series of which a trial has learned something. */
  private readonly learned = new Set<number>();
  private sweep: Sweep | undefined;
  private paused = false;
  private stopped = false;

  /**
   * @param engines what every round makes its engines with
   * @param manner in what shape trials are trained
   */
  constructor(
    private readonly experiment: Experiment,
    private readonly line: EdgeLine,
    private readonly engines: () => (fault?: EngineFaultError) => Promise<Engine>,
    private readonly listener: EdgeListener,
    private readonly memory: number,
    private readonly manner: Manner = MANY,
  ) {
    const range = rangeOf(experiment.axes[line.along]!);
    this.search = range && new EdgeSearch(range);
  }

  /**
   * Looks on until the edges of so many seeds, the document's own and the following ones, are sharp, or it is stopped. What was
   * found before is kept.
   * @returns whether they are
   * @throws as Sweep.run does
   */
  async run(seeds: number): Promise<boolean> {
    this.stopped = false;
    for (;;) {
      const wanted = this.search?.next(seeds * this.experiment.arms.length) ?? [];
      if (wanted.length === 0 || this.stopped) return !this.stopped;
      await this.round(wanted);
      if (!this.stopped) this.listener.found();
    }
  }

  pause(): void {
    this.paused = true;
    this.sweep?.pause();
  }

  resume(): void {
    this.paused = false;
    this.sweep?.resume();
  }

  stop(): void {
    this.stopped = true;
    this.sweep?.stop();
  }

  edges(): Edges {
    const { arms } = this.experiment;
    const begun = this.search?.begun ?? 0;
    const of = (series: number) => {
      const edge = this.search!.edge(series);
      return edge ? { ...edge, already: !this.learned.has(series) } : 'none';
    };
    return arms.map((_, arm) =>
      Array.from({ length: begun / arms.length }, (_, seed) => of(seed * arms.length + arm)),
    );
  }

  private async round(wanted: readonly Wanted[]): Promise<void> {
    const states = new Map<number, TrialState>();
    const sweep = new Sweep(
      new ListedTrials(wanted.map((one) => this.document(one))),
      this.engines(),
      {
        results: ({ trial, state }) => {
          for (const [at, index] of trial.entries()) states.set(index, STATES[state[at]!]!);
        },
        fault: (words) => this.listener.fault(words),
      },
      { memory: this.memory, manner: this.manner },
    );
    this.sweep = sweep;
    if (this.paused) sweep.pause();
    try {
      if ((await sweep.run()) === 'stopped') return; // half a round would make the next ones depend on when it was stopped
    } finally {
      this.sweep = undefined;
    }
    for (const [index, state] of states) {
      this.search!.take(wanted[index]!, trains(state));
      if (state === 'converged') this.learned.add(wanted[index]!.series);
    }
  }

  /** Arms take turns, so that both of a seed are known together. */
  private document({ series, rate }: Wanted): TrialDocument {
    const { experiment, line } = this;
    const { arms } = experiment;
    const [arm, seed] = [series % arms.length, Math.floor(series / arms.length)];
    return line.along === 'x'
      ? trialDocument(experiment, arm, seed, rate, line.across)
      : trialDocument(experiment, arm, seed, line.across ?? Number.NaN, rate);
  }
}
