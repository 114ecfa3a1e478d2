import { gridFor } from '../scheduler/calibrate';
import type { Experiment } from '../experiment/types';
import { MANY, type Manner } from '../training/manner';
import type { Manners } from '../scheduler/manners';
import { USUAL_TRIALS } from '../scheduler/edge_search';
import type { EdgeLine } from '../scheduler/edge_finder';
import { CLASS_NUMBER, type ResultBatch } from '../scheduler/results';
import type { Sweep } from '../scheduler/sweep';
import { allBut, someOf } from '../scheduler/trials';
import { edgesFirst } from '../scheduler/edges_first';
import { withSide } from './grid_choice';
import { ResultBatches } from './result_batches';
import type { SharedEngine } from './shared_engine';
import { SideRuns } from './side_runs';
import type { KnownTrials, SweepEvent, SweepRequest } from './sweep_protocol';
import { beside, SweepRuns } from './sweep_runs';

export type Emit = (event: SweepEvent, transfer?: Transferable[]) => void;

/** One run of the page in a worker: the sweep, and what is trained beside it. Begins held by nobody, and ends with the next run. */
export class HostRun {
  private main: Sweep | undefined;
  private sides: SideRuns | undefined;
  private paused = false;
  private stopped = false;
  /** There is another run; nobody looks at what comes of this one. */
  private over = false;
  /** The step to which trials are to go on together, where that was asked for before anything could train. */
  private early: number | undefined;

  /**
   * @param manners what is known of shapes on this engine
   * @param fault is told what was wrong, in words, and what happens now
   */
  constructor(
    readonly number: number,
    private readonly engine: SharedEngine,
    private readonly manners: Manners,
    private readonly emit: Emit,
    private readonly fault: (words: string) => void,
  ) {}

  get isOver(): boolean {
    return this.over;
  }

  /** Tells which square grid this engine fills in the time, and in how many seconds. */
  async measure(request: SweepRequest & { type: 'measure' }): Promise<void> {
    const { experiment, memory, seconds, workers } = request;
    const runs = new SweepRuns(experiment, this.engine, memory, beside(workers), this.fault);
    await runs.check();
    let rate = workers * (await runs.measureRate());
    let side = gridFor(rate, experiment, seconds);
    const manner = await this.fastest(withSide(experiment, side), memory, workers);
    if (manner !== MANY) {
      await runs.trainIn(manner);
      rate = workers * (await runs.measureRate());
      side = gridFor(rate, experiment, seconds);
    }
    const { axes, arms, replicates, optimizer } = withSide(experiment, side);
    const trials = (axes.x.count * (axes.y?.count ?? 1) * replicates + USUAL_TRIALS) * arms.length;
    this.emit({
      type: 'measured',
      run: this.number,
      side,
      seconds: (trials * optimizer.steps) / rate,
      manner,
    });
  }

  /** The manner in which this engine trains an experiment fastest: MANY where another comes to the same. */
  private async fastest(experiment: Experiment, memory: number, workers: number): Promise<Manner> {
    const runs = new SweepRuns(experiment, this.engine, memory, beside(workers), this.fault);
    const manner = await runs.fastest(this.manners);
    return (await runs.trainIn(manner)) === (await runs.trainIn(MANY)) ? MANY : manner;
  }

  /** Trains this worker's share of all trials that are not known. */
  async start({ experiment, memory, share, known, manner }: SweepRequest & { type: 'start' }): Promise<void> {
    const { number: run, emit, engine, fault } = this;
    const runs = new SweepRuns(experiment, engine, memory, beside(share.count), fault);
    const shape = await runs.trainIn(manner);
    await runs.check();
    if (shape) emit({ type: 'shape', run, shape });
    const batches = new ResultBatches((batch, progress) => {
      if (this.over) return;
      emit({ type: 'results', run, batch }, buffersOf(batch));
      if (progress) emit({ type: 'progress', run, progress });
    });
    const { source } = runs;
    const classes = new Uint8Array(source.grid.trials).fill(CLASS_NUMBER.waiting);
    const learn = (outcomes: KnownTrials) => {
      for (const [at, trial] of outcomes.trial.entries()) classes[trial] = outcomes.class[at]!;
    };
    learn(known);
    const left = edgesFirst(allBut(source, known.trial), source.grid, classes);
    const trials = share.count === 1 ? left : someOf(left, (trial) => trial % share.count === share.index);
    const sweep = runs.train(trials, {
      ...batches.listener,
      results: (batch) => {
        learn(batch);
        batches.listener.results(batch);
      },
    });
    this.main = sweep;
    this.sides = new SideRuns(runs, run, emit, fault);
    if (this.paused) this.pause();
    if (this.stopped) this.stop();
    if (this.early !== undefined) this.advance(this.early);
    const end = await sweep.run();
    batches.flush();
    emit({ type: 'done', run, end });
  }

  pause(): void {
    this.paused = true;
    this.main?.pause();
    this.sides?.pause();
  }

  resume(): void {
    this.paused = false;
    this.main?.resume();
    this.sides?.resume();
  }

  stop(): void {
    this.stopped = true; // what waits for its engine, too
    this.sides?.stop();
    this.main?.stop();
  }

  /** Stops, for good: nothing that comes late is told. */
  end(): void {
    this.over = true;
    this.stop();
    this.standStill();
  }

  /** Trains a few trials once more with every step recorded. */
  trace(trials: readonly number[]): Promise<void> {
    return this.aside((sides) => sides.trace(trials));
  }

  /** Trains a few trials once more by the float64 reference. */
  replay(trials: readonly number[]): Promise<void> {
    return this.aside((sides) => sides.replay(trials));
  }

  /** Does what a person waits for; the sweep waits too, unless it was put aside for a later wish. */
  private async aside(work: (sides: SideRuns) => Promise<boolean>): Promise<void> {
    const { sides } = this;
    if (!sides) return;
    this.main?.pause();
    if ((await work(sides)) && !this.paused) this.main?.resume();
  }

  /** Looks for the edges on a line in the background: the sweep goes on meanwhile. */
  edges(line: EdgeLine, seeds: number): void {
    if (!this.stopped) this.sides?.edges(line, seeds);
  }

  /** All trials together on to a step. Whoever asks holds the sweep meanwhile, which may also have ended. */
  advance(step: number): void {
    if (this.sides) void this.sides.advance(step);
    else this.early = step;
  }

  standStill(): void {
    this.early = undefined;
    this.sides?.standStill();
  }

  longer(trials: readonly number[]): void {
    void this.sides?.longer(trials);
  }
}

function buffersOf(batch: ResultBatch): Transferable[] {
  return Object.values<ResultBatch[keyof ResultBatch]>({ ...batch }).map(({ buffer }) => buffer);
}
