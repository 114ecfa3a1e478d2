import { sameTrials } from '../../experiment/same_trials';
import { isBeyondFloat32, withCount, zoomed } from '../../experiment/zoom';
import type { Experiment } from '../../experiment/types';
import type { GpuUnavailableState } from '../../gpu/errors';
import { InfeasibleError } from '../../scheduler/feasible';
import { emptyBatch, finishedOf, someResults, type ResultBatch } from '../../scheduler/results';
import type { Progress } from '../../scheduler/sweep';
import type { GpuTurns, GpuUse, GpuUser } from '../../service/gpu_turns';
import { SECONDS, withSide } from '../../service/grid_choice';
import { KeptRuns, sameButPlaces } from '../../service/kept_runs';
import type { Precision, SweepClient, SweepClientListener, TeamCompute } from '../../service/sweep_client';
import type { KnownTrials } from '../../service/sweep_protocol';
import { MANY, type Manner } from '../../training/manner';
import type { MapView } from './map_view';
import { newRun, lengthened, withLongerOutcomes, withOutcomes, type Run } from './run';
import { isWhole } from './viewport';

export type Phase = 'measuring' | 'training' | 'paused' | 'stopped' | 'done' | 'failed';

/** What the page asks to be trained. */
export type Asked = Pick<MapView, 'grid' | 'memory' | 'zoom'> & { readonly experiment: Experiment };

/** What the sweep is computed on. */
export interface Compute extends TeamCompute {
  /** The adapter has answered a question whose answer is known. */
  readonly checked: boolean;
}

/** The grid that this machine trains in about SECONDS, and how long it should take. */
interface Estimate {
  readonly side: number;
  readonly seconds: number;
}

/**
 * The sweep behind the maps: its grid, its progress and its outcomes. `begin` says that a new run has begun, `restart` that a person
 * wants it to owe nothing to what was trained before, `outcomes` that some came in or that all have; `change` follows every change, at
 * most once a frame while outcomes come in.
 */
export class SweepState extends EventTarget {
  run: Run | undefined;
  phase: Phase = 'measuring';
  progress: Progress | undefined;
  compute: Compute | undefined;
  /** The shapes in which the present run is trained, as results name them; nothing where what trains it has none. */
  shape: string | undefined;
  /** What was computed wrongly here, and what was done about it. */
  faults: readonly string[] = [];
  unavailable: GpuUnavailableState | undefined;
  failure: string | undefined;
  readonly client: SweepClient;
  /** The latest run that shows the whole of the same maps. */
  private wholeRun: Run | undefined;
  private kept = new KeptRuns();
  /** What trains the present run, once it is known. */
  private made: string | undefined;
  /** More than one thing trained the present run: its outcomes are not another's. */
  private isMixed = false;
  /** What it wants the GPU for, and whether it is another's turn. */
  private turn: GpuUser | undefined;
  private isHeld = true;
  private frame: number | undefined;
  /** The grid that was measured for an experiment on this machine. */
  private measured: (Estimate & { readonly manner: Manner; readonly experiment: Experiment }) | undefined;
  /** The experiment that is being measured. */
  private measuring: Experiment | undefined;

  /**
   * @param asked trained at once
   * @param connect makes the client, which tells a listener
   */
  constructor(
    private asked: Asked,
    private readonly turns: GpuTurns,
    connect: (
      listener: Omit<SweepClientListener, 'trace' | 'edges' | 'replay' | 'frame' | 'noFrame'>,
    ) => SweepClient,
  ) {
    super();
    this.client = connect({
      adapter: (compute) => {
        if (compute.engine !== 'reference') this.unavailable = undefined; // it has come back
        this.madeBy(labelOf(compute));
        this.set({ compute: { ...compute, checked: false } });
      },
      checked: () => this.compute && this.set({ compute: { ...this.compute, checked: true } }),
      fault: (words) => this.set({ faults: [...this.faults, words] }),
      unavailable: (unavailable) => this.set({ unavailable }),
      measured: (side, seconds, manner) => {
        const { experiment } = this.asked;
        this.measured = { side, seconds, manner, experiment };
        this.start(this.shown(withSide(experiment, side)));
      },
      shape: (shape) => this.set({ shape }),
      results: (batch) => {
        if (!this.run) return;
        this.run = withOutcomes(this.run, batch);
        this.changedSoon();
        this.dispatchEvent(new Event('outcomes'));
      },
      progress: (progress) => {
        this.progress = progress;
        this.changedSoon();
      },
      longer: (batch) => {
        if (!this.run) return;
        this.run = withLongerOutcomes(this.run, batch);
        this.changedSoon();
      },
      done: () => {
        this.set({ phase: this.phase === 'stopped' ? 'stopped' : 'done' });
        this.dispatchEvent(new Event('outcomes'));
      },
      error: (failure) => this.set({ failure, phase: 'failed' }),
    });
    this.train();
  }

  /** Nothing where a person chose the grid, or while it is measured. */
  get estimate(): Estimate | undefined {
    return this.asked.grid === 'auto' && !this.measuring ? this.measured : undefined;
  }

  /** The whole maps, as far as they have been trained. */
  get whole(): Run | undefined {
    const { run, wholeRun } = this;
    if (run && isWhole(run.zoom)) return run;
    return run && wholeRun && sameButPlaces(run.experiment, wholeRun.experiment) ? wholeRun : undefined;
  }

  /** The axes of the whole maps, with the counts of those that are shown. */
  get wholeAxes(): Experiment['axes'] | undefined {
    if (!this.run) return undefined;
    const { x, y } = this.asked.experiment.axes;
    const { axes } = this.run.experiment;
    return { x: withCount(x, axes.x.count), ...(y && axes.y && { y: withCount(y, axes.y.count) }) };
  }

  /** Trains anew only for other trials than those that are trained or measured; else takes over the names. */
  follow(asked: Asked): void {
    this.asked = asked;
    const { counted, run, measuring } = this;
    if (this.phase === 'failed') this.train();
    else if (measuring) {
      if (asked.grid !== 'auto' || !sameButCounts(measuring, asked.experiment)) this.train();
    } else if (counted && run && sameTrials(counted, run.experiment)) {
      this.run = { ...run, experiment: counted };
      this.changed();
    } else this.train();
  }

  pause(): void {
    this.client.send('pause');
    this.set({ phase: 'paused' });
  }

  resume(): void {
    if (!this.isHeld) this.client.send('resume');
    this.set({ phase: 'training' });
  }

  stop(): void {
    this.client.send('stop');
    this.set({ phase: 'stopped' });
  }

  /** Begins all anew, on a person's wish: also what has failed, and the choice of the grid. */
  restart(): void {
    this.faults = [];
    this.measured = undefined;
    this.kept = new KeptRuns();
    this.isMixed = true; // so that the present run is not kept either
    this.dispatchEvent(new Event('restart'));
    this.client.renew();
    this.train();
  }

  /** Trains the slow trials ten times as long. */
  trainLonger(): void {
    if (!this.run) return;
    const { run, slow } = lengthened(this.run);
    this.run = run;
    this.client.longer(slow);
    this.changed();
  }

  showLonger(isShown: boolean): void {
    if (!this.run?.longer) return;
    this.run = { ...this.run, longer: { ...this.run.longer, isShown } };
    this.changed();
  }

  /** The experiment with the counts that its maps are to have; nothing while they must be measured first. */
  private get counted(): Experiment | undefined {
    const { experiment, grid } = this.asked;
    if (grid === 'document') return this.shown(experiment);
    if (grid !== 'auto') return this.shown(withSide(experiment, grid));
    const { measured } = this;
    return measured && sameButCounts(measured.experiment, experiment)
      ? this.shown(withSide(experiment, measured.side))
      : undefined;
  }

  /** What was measured to be the fastest for these trials, on whatever grid; by size where nothing was. */
  private get manner(): Manner {
    const { measured, asked } = this;
    return measured && sameButCounts(measured.experiment, asked.experiment) ? measured.manner : MANY;
  }

  /** The part of the maps that is looked at; where that takes float64, no more cells than a CPU trains soon. */
  private shown(experiment: Experiment): Experiment {
    const { zoom } = this.asked;
    const shown = zoomed(experiment, zoom);
    const { x, y } = shown.axes;
    const most = Math.max(x.count, y?.count ?? 1);
    return precisionOf(shown) === 'float32' || most <= MOST_EXACT
      ? shown
      : zoomed(withSide(experiment, MOST_EXACT), zoom);
  }

  private train(): void {
    this.failure = undefined;
    this.progress = undefined;
    const { counted } = this;
    if (counted) {
      this.start(counted);
      return;
    }
    this.keep(); // as it was made: what measures may be something else
    this.measuring = this.asked.experiment;
    this.set({ phase: 'measuring' });
    if (this.turn?.use === 'benchmark' && !this.isHeld) this.measure();
    else this.takeTurn('benchmark'); // for it times itself
  }

  private measure(): void {
    const { experiment, memory } = this.asked;
    this.client.measure(experiment, memory, SECONDS);
  }

  private start(experiment: Experiment): void {
    this.measuring = undefined;
    this.keep();
    const precision = precisionOf(experiment);
    const compute = this.client.computeFor(precision);
    this.made = compute && labelOf(compute);
    const manner = precision === 'float32' ? this.manner : MANY;
    const known =
      this.made === undefined ? emptyBatch(0) : this.kept.known(experiment, inManner(this.made, manner));
    try {
      this.run = newRun(experiment, { known, precision, manner, zoom: this.asked.zoom });
    } catch (error) {
      if (!(error instanceof InfeasibleError)) throw error;
      this.set({ failure: error.message, phase: 'failed' });
      return;
    }
    this.dispatchEvent(new Event('begin'));
    this.takeTurn('sweep');
    this.isMixed = false;
    this.shape = undefined;
    this.client.start(experiment, this.asked.memory, briefly(known), precision, manner);
    if (this.isHeld) this.client.send('pause');
    this.set({ phase: 'training' });
  }

  /** Holds the present run until it is known what of it need not be trained; not for long, should that never be known. */
  holdUntil(known: Promise<unknown>): void {
    const { run } = this;
    this.client.send('pause');
    const go = () => {
      const isSame = this.run?.experiment === run?.experiment;
      if (isSame && !this.isHeld && this.phase === 'training') this.client.send('resume');
    };
    const enough = new Promise((resolve) => setTimeout(resolve, LONGEST_HOLD));
    void Promise.race([known, enough]).then(go, go);
  }

  /** Takes over outcomes of the present run that were kept elsewhere, and trains what is left of it. */
  takeOver(kept: ResultBatch): void {
    if (!this.run || this.phase === 'measuring' || this.phase === 'failed') return;
    const { table } = this.run.results;
    this.run = withOutcomes(
      this.run,
      someResults(kept, (trial) => !table.isFinished(trial)),
    );
    this.progress = undefined;
    const { experiment, precision, manner } = this.run;
    this.client.start(experiment, this.asked.memory, briefly(finishedOf(table)), precision, manner);
    if (this.phase === 'stopped') this.client.send('stop');
    else if (this.isHeld || this.phase === 'paused') this.client.send('pause');
    else this.phase = 'training';
    this.changed();
    this.dispatchEvent(new Event('outcomes'));
  }

  private madeBy(what: string): void {
    if (this.made !== undefined && this.made !== what) this.isMixed = true;
    this.made = what;
  }

  /** Remembers what the present run has come to, for maps that show some of its cells again. */
  private keep(): void {
    const { run, made, isMixed } = this;
    if (!run) return;
    if (isWhole(run.zoom)) this.wholeRun = run;
    if (made !== undefined && !isMixed)
      this.kept.keep(run.experiment, run.results.table, inManner(made, run.manner));
  }

  private takeTurn(use: GpuUse): void {
    if (this.turn?.use === use) return;
    if (this.turn) this.turns.leave(this.turn);
    this.isHeld = true;
    this.turn = { use, go: () => this.hold(false), hold: () => this.hold(true) };
    this.turns.enter(this.turn);
  }

  private hold(isHeld: boolean): void {
    this.isHeld = isHeld;
    if (this.turn?.use === 'benchmark') {
      if (!isHeld) this.measure();
    } else if (this.phase !== 'measuring' && this.phase !== 'paused')
      this.client.send(isHeld ? 'pause' : 'resume');
  }

  private set(
    change: Partial<Pick<SweepState, 'compute' | 'shape' | 'faults' | 'unavailable' | 'phase' | 'failure'>>,
  ): void {
    Object.assign(this, change);
    if (this.phase !== 'measuring') this.takeTurn('sweep');
    this.changed();
  }

  /** With the next frame, since outcomes come more often than frames. */
  private changedSoon(): void {
    this.frame ??= requestAnimationFrame(() => this.changed());
  }

  private changed(): void {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
    this.dispatchEvent(new Event('change'));
  }
}

/** Milliseconds. */
const LONGEST_HOLD = 3000;

/** Cells a side of a map that the CPU trains in float64. */
export const MOST_EXACT = 64;

/** What it takes to tell the cells of a map apart. */
function precisionOf({ axes }: Experiment): Precision {
  return [axes.x, axes.y].some((axis) => axis && isBeyondFloat32(axis)) ? 'float64' : 'float32';
}

function labelOf({ engine, adapter }: TeamCompute): string {
  return `${engine} on ${adapter}`;
}

/** What made outcomes, to the last bit. */
function inManner(made: string, manner: Manner): string {
  return `${made}, ${manner}`;
}

/** What a worker must know of outcomes to leave their trials out. */
function briefly({ trial, class: classes }: ResultBatch): KnownTrials {
  return { trial, class: classes };
}

function sameButCounts(a: Experiment, b: Experiment): boolean {
  return sameTrials(withSide(a, 2), withSide(b, 2));
}
