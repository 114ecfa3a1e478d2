import type { Experiment } from '../experiment/types';
import { GpuUnavailableError } from '../gpu/errors';
import { gridFor, measureRate } from '../scheduler/calibrate';
import { EdgeFinder } from '../scheduler/edge_finder';
import { USUAL_TRIALS } from '../scheduler/edge_search';
import { checkNetworks } from '../scheduler/feasible';
import { DEFAULT_MEMORY } from '../scheduler/memory';
import { joinBatches, type ResultBatch } from '../scheduler/results';
import { Sweep, type Progress } from '../scheduler/sweep';
import { TrialSource } from '../scheduler/trial_source';
import { ListedTrials, named, someOf } from '../scheduler/trials';
import type { Engine, EngineFaultError } from '../training/engine';
import type { AvailableEngine } from '../training/engines';
import { LONGER } from '../training/outcome';
import type { LadderListener } from '../training/ladder';
import { SharedEngine } from './engine_lease';
import { withSide } from './grid_choice';
import type { SweepEvent, SweepRequest } from './sweep_protocol';

/** Of the memory, the parts that are left for traces and for the search of edges, which are trained beside the waves of the sweep. */
const TRACES = 1 / 16;
const EDGES = 1 / 16;
const BESIDES = TRACES + EDGES;

/** Milliseconds between two batches of results: as often as a person sees. */
const BATCH = 80;

type Emit = (event: SweepEvent, transfer?: Transferable[]) => void;

/** Answers the page's requests with an engine and sweeps; lives in a worker. */
export class SweepHost {
  private engine: SharedEngine | undefined;
  private main: Sweep | undefined;
  private experiment: Experiment | undefined;
  private memory = DEFAULT_MEMORY;
  private tracing: Sweep | undefined;
  /** Of trials that are trained for longer. */
  private longest: Sweep | undefined;
  /** By line; the one that is at work; and work that waits for it to end. */
  private readonly finders = new Map<string, EdgeFinder>();
  private finding: EdgeFinder | undefined;
  private findings: Promise<void> = Promise.resolve();
  /** Work that needs the engine, one after the other. */
  private queue: Promise<void> = Promise.resolve();
  private paused = false;
  private stopped = false;
  private run = 0;

  /** @param engines what makes engines, of a name to begin with */
  constructor(
    private readonly engines: (
      name: AvailableEngine,
      listener: LadderListener,
    ) => (fault?: EngineFaultError) => Promise<Engine>,
    private readonly emit: Emit,
  ) {}

  handle(request: SweepRequest): void {
    switch (request.type) {
      case 'open':
        this.engine = this.sharedEngine(request.engine);
        this.enqueue(0, async () => {
          await this.opened().open();
        });
        break;
      case 'measure':
        this.newRun(request.run);
        this.enqueue(request.run, () => this.measure(request));
        break;
      case 'start':
        this.newRun(request.run);
        this.enqueue(request.run, () => this.sweep(request));
        break;
      case 'trace':
        // The maps are there without it.
        void this.trace(request.run, request.trials).catch((error: unknown) =>
          this.tell(`The two runs under the crosshair cannot be trained again: ${wordsOf(error)}.`),
        );
        break;
      case 'edges':
        this.findEdges(request);
        break;
      case 'longer':
        void this.longer(request).catch((error: unknown) =>
          this.tell(`The slow trials cannot be trained for longer: ${wordsOf(error)}.`),
        );
        break;
      case 'pause':
        this.paused = true;
        this.main?.pause();
        this.longest?.pause();
        this.finding?.pause();
        break;
      case 'resume':
        this.paused = false;
        this.main?.resume();
        this.longest?.resume();
        this.finding?.resume();
        break;
      case 'stop':
        this.stopped = true; // what waits for its engine, too
        this.tracing?.stop();
        this.finding?.stop();
        this.longest?.stop();
        this.main?.stop();
        break;
    }
  }

  private newRun(run: number): void {
    this.run = run;
    this.paused = false;
    this.stopped = false;
    this.tracing?.stop();
    this.finding?.stop();
    this.finders.clear();
    this.longest?.stop();
    this.main?.stop();
  }

  /** A run that is no longer the latest is left out. */
  private enqueue(run: number, work: () => Promise<void>): void {
    this.queue = this.queue
      .then(() => (run === 0 || run === this.run ? work() : undefined))
      .catch((error: unknown) => this.fail(run, error));
  }

  private fail(run: number, error: unknown): void {
    if (error instanceof GpuUnavailableError)
      this.emit({ type: 'unavailable', state: error.state, message: error.message });
    else this.emit({ type: 'error', run, message: wordsOf(error) });
  }

  /** Something was wrong, in words, and what happens now. */
  private readonly tell = (words: string): void => this.emit({ type: 'fault', words });

  private sharedEngine(name: AvailableEngine): SharedEngine {
    const checked = () => this.emit({ type: 'checked' });
    const open = this.engines(name, { checked, fault: this.tell });
    return new SharedEngine(async (fault) => {
      const engine = await open(fault);
      this.emit({ type: 'adapter', engine: engine.name, adapter: engine.adapter });
      return engine;
    }, this.tell);
  }

  private opened(): SharedEngine {
    if (!this.engine) throw new Error('A sweep worker was asked to work before it was opened');
    return this.engine;
  }

  private async measure({
    run,
    experiment,
    memory,
    seconds,
    workers,
  }: SweepRequest & { type: 'measure' }): Promise<void> {
    const measured = await this.opened().with((engine) => {
      checkNetworks(engine, experiment, memory, { share: (1 - BESIDES) / workers });
      return measureRate(engine, experiment, memory);
    });
    const rate = workers * measured;
    const side = gridFor(rate, experiment, seconds);
    const { axes, arms, replicates, optimizer } = withSide(experiment, side);
    const trials = (axes.x.count * (axes.y?.count ?? 1) * replicates + USUAL_TRIALS) * arms.length;
    this.emit({ type: 'measured', run, side, seconds: (trials * optimizer.steps) / rate });
  }

  private async sweep({ run, experiment, memory, share }: SweepRequest & { type: 'start' }): Promise<void> {
    this.memory = memory / share.count;
    const parts = { share: (1 - BESIDES) / share.count };
    await this.opened().with(async (engine) => checkNetworks(engine, experiment, memory, parts));
    let outcomes: ResultBatch[] = [];
    // Of each wave the latest only, for only that is looked at; and made only when it is sent.
    const standing = new Map<object, () => ResultBatch>();
    let latest: Progress | undefined;
    let sent = 0;
    const send = () => {
      if (this.run !== run) return;
      sent = performance.now();
      // Outcomes last: they count, should a wave's standing be older.
      const batch = joinBatches([...Array.from(standing.values(), (make) => make()), ...outcomes]);
      standing.clear();
      outcomes = [];
      const columns = Object.values<ResultBatch[keyof ResultBatch]>({ ...batch });
      this.emit(
        { type: 'results', run, batch },
        columns.map(({ buffer }) => buffer),
      );
      if (latest) this.emit({ type: 'progress', run, progress: latest });
    };
    const source = new TrialSource(experiment);
    const sweep = new Sweep(
      share.count === 1 ? source : someOf(source, (trial) => trial % share.count === share.index),
      this.opened().lease(),
      {
        results: (batch) => outcomes.push(batch),
        standing: (wave, batch) => standing.set(wave, batch),
        progress: (progress) => {
          latest = progress;
          if (performance.now() - sent > BATCH) send();
        },
        fault: this.tell,
      },
      { memory: (1 - BESIDES) * this.memory },
    );
    this.main = sweep;
    this.experiment = experiment;
    if (this.paused) sweep.pause();
    if (this.stopped) sweep.stop();
    const end = await sweep.run();
    send();
    this.emit({ type: 'done', run, end });
  }

  private async longer({ run, trials }: SweepRequest & { type: 'longer' }): Promise<void> {
    const { experiment } = this;
    if (!experiment || run !== this.run) return;
    this.longest?.stop();
    const source = new TrialSource(experiment);
    const documents = trials.map((trial) => {
      const document = source.document(trial);
      const { optimizer } = document;
      return { ...document, optimizer: { ...optimizer, steps: LONGER * optimizer.steps } };
    });
    const sweep = new Sweep(
      new ListedTrials(documents),
      this.opened().lease(),
      {
        results: (batch) =>
          this.emit({
            type: 'longer',
            run,
            batch: { ...batch, trial: batch.trial.map((listed) => trials[listed]!) },
          }),
        fault: this.tell,
      },
      { memory: (1 - BESIDES) * this.memory },
    );
    this.longest = sweep;
    if (this.paused) sweep.pause();
    await sweep.run();
  }

  /** In the background: the sweep goes on meanwhile. */
  private findEdges({ run, line, seeds }: SweepRequest & { type: 'edges' }): void {
    const { experiment } = this;
    if (!experiment || run !== this.run || this.stopped) return;
    const key = JSON.stringify(line);
    const tell = (sharp: boolean) => this.emit({ type: 'edges', run, line, edges: finder.edges(), sharp });
    const finder =
      this.finders.get(key) ??
      new EdgeFinder(
        experiment,
        line,
        () => this.opened().lease(),
        { found: () => tell(false), fault: this.tell },
        EDGES * this.memory,
      );
    this.finders.set(key, finder);
    this.finding?.stop();
    this.finding = finder;
    const find = async () => {
      if (this.finding !== finder || run !== this.run || this.stopped) return;
      if (this.paused) finder.pause();
      else finder.resume();
      if (await finder.run(seeds)) tell(true);
    };
    this.findings = this.findings
      .then(find)
      .catch((error: unknown) =>
        this.tell(`The largest learning rate cannot be looked for: ${wordsOf(error)}.`),
      );
  }

  /** Trains a few trials once more with every step recorded; the sweep waits meanwhile, since a person does too. */
  private async trace(run: number, trials: readonly number[]): Promise<void> {
    this.tracing?.stop();
    const { experiment } = this;
    if (!experiment || run !== this.run) return;
    const sweep = new Sweep(
      named(new TrialSource(experiment), trials),
      this.opened().lease(),
      {
        results() {
          // Known from the sweep itself.
        },
        fault: this.tell,
        trace: (trial, trace) => this.emit({ type: 'trace', run, trial, trace }),
      },
      { memory: TRACES * this.memory, tracing: true },
    );
    this.tracing = sweep;
    this.main?.pause();
    try {
      await sweep.run();
    } finally {
      if (this.tracing === sweep) {
        this.tracing = undefined;
        if (!this.paused) this.main?.resume();
      }
    }
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
