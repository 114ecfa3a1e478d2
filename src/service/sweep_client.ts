import type { Experiment } from '../experiment/types';
import type { GpuUnavailableState } from '../gpu/errors';
import type { EdgeLine, Edges } from '../scheduler/edge_finder';
import type { Frame } from '../scheduler/lockstep';
import type { Progress } from '../scheduler/sweep';
import { FASTEST, type AvailableEngine } from '../training/engines';
import type { Manner } from '../training/manner';
import { mergeProgress } from './progress';
import type { Replay } from './replay';
import type { ResultBatch } from '../scheduler/results';
import type { KnownTrials, SweepEvent, SweepRequest } from './sweep_protocol';
import type { Trace } from '../scheduler/trace';

export interface SweepClientListener {
  adapter(compute: TeamCompute): void;
  /** The adapter has answered a question whose answer is known. */
  checked(): void;
  /** Something was computed wrongly, and what happens now. */
  fault(words: string): void;
  /** No GPU; the client goes on by itself on the CPU. */
  unavailable(state: GpuUnavailableState): void;
  measured(side: number, seconds: number, manner: Manner): void;
  /** In what shapes the present run is trained, as results name them. */
  shape(shape: string): void;
  results(batch: ResultBatch): void;
  progress(progress: Progress): void;
  trace(trial: number, trace: Trace): void;
  replay(trial: number, replay: Replay): void;
  edges(line: EdgeLine, edges: Edges, sharp: boolean): void;
  /** Outcomes of trials that are trained for longer. */
  longer(batch: ResultBatch): void;
  /** All trials at the step that was asked for, or in words why they cannot be there together. */
  frame(frame: Frame): void;
  noFrame(words: string): void;
  done(): void;
  error(message: string): void;
}

/** CPU workers, one core being left to the page. */
const MOST_WORKERS = 8;

/** In what numbers a sweep is trained. */
export type Precision = 'float32' | 'float64';

/** Workers that share a sweep. */
interface Team {
  readonly precision: Precision;
  workers: readonly Worker[];
  /** Some worker has ended: those that there are answer nothing more. */
  dead: boolean;
  /** Nothing before it is known. */
  compute?: TeamCompute;
}

/** What workers compute on. */
export interface TeamCompute {
  readonly adapter: string;
  readonly engine: string;
  readonly workers: number;
}

/**
 * The main thread's side of the sweep workers: one with a GPU, or without one several on the CPU; and beside a GPU, which knows float32
 * only, several on the CPU for sweeps that need float64.
 */
export class SweepClient {
  /** Who trains the present run. */
  private team: Team = { precision: 'float32', workers: [], dead: false };
  /** Who trained in the other precision, and is kept to train again. */
  private resting: Team | undefined;
  private run = 0;
  /** By worker, of the present run. */
  private progress = new Map<number, Progress>();
  private ended = 0;
  /** The last thing asked for, to be asked again when the GPU turns out to be missing. */
  private pending: SweepRequest | undefined;
  private onGpu = true;
  /** New workers may do better: something failed, or trains on the CPU though there is WebGPU. */
  private ailing = false;

  constructor(private readonly listener: SweepClientListener) {
    this.open();
  }

  /** Begins anew with what failed: other workers, and the GPU where it was given up. */
  renew(): void {
    if (this.ailing) this.open();
  }

  /** @param memory bytes that all workers together may take */
  measure(experiment: Experiment, memory: number, seconds: number): void {
    this.begin('float32');
    const workers = this.team.workers.length;
    this.ask(0, { type: 'measure', run: this.run, experiment, memory, seconds, workers });
  }

  /** What would train in this precision; nothing where that is not known before it has begun. */
  computeFor(precision: Precision): TeamCompute | undefined {
    const { team, resting } = this;
    if (!this.onGpu || team.precision === precision) return team.compute;
    return resting?.dead ? undefined : resting?.compute;
  }

  /**
   * @param known trials that need no training
   * @param manner in what shape the others are trained
   */
  start(
    experiment: Experiment,
    memory: number,
    known: KnownTrials,
    precision: Precision,
    manner: Manner,
  ): void {
    this.begin(precision);
    const { run } = this;
    const count = this.team.workers.length;
    for (const index of this.team.workers.keys())
      this.ask(index, { type: 'start', run, experiment, memory, share: { index, count }, known, manner });
  }

  trace(trials: readonly number[]): void {
    post(this.team.workers[0]!, { type: 'trace', run: this.run, trials });
  }

  replay(trials: readonly number[]): void {
    post(this.team.workers[0]!, { type: 'replay', run: this.run, trials });
  }

  edges(line: EdgeLine, seeds: number): void {
    post(this.team.workers[0]!, { type: 'edges', run: this.run, line, seeds });
  }

  longer(trials: readonly number[]): void {
    post(this.team.workers[0]!, { type: 'longer', run: this.run, trials });
  }

  /** All trials once more, together, on to the loss of a step: one worker suffices. */
  advance(step: number): void {
    post(this.team.workers[0]!, { type: 'advance', run: this.run, step });
  }

  standStill(): void {
    post(this.team.workers[0]!, { type: 'stand-still', run: this.run });
  }

  send(type: 'pause' | 'resume' | 'stop'): void {
    for (const worker of this.team.workers) post(worker, { type });
  }

  private open(): void {
    this.pending = undefined;
    this.onGpu = true;
    dismiss(this.resting);
    this.resting = undefined;
    if (navigator.gpu) this.spawn('float32', FASTEST, 1);
    else this.useCpu(isSecureContext ? 'no-webgpu' : 'insecure-context');
  }

  private begin(precision: Precision): void {
    if (this.team.dead) this.open();
    this.employ(precision);
    this.run += 1;
    this.progress.clear();
    this.ended = 0;
  }

  /** Those who train in this precision; without a GPU the same train in both, which is float64. */
  private employ(precision: Precision): void {
    if (!this.onGpu || precision === this.team.precision) return;
    this.send('stop');
    const { team, resting } = this;
    this.resting = team;
    if (!resting || resting.dead) {
      this.team = { precision, workers: [], dead: false };
      if (precision === 'float32') this.spawn(precision, FASTEST, 1);
      else this.spawn(precision, 'reference', cpuWorkers());
      return;
    }
    this.team = resting;
    if (resting.compute) this.listener.adapter(resting.compute);
  }

  private ask(index: number, request: SweepRequest): void {
    this.pending = request;
    post(this.team.workers[index]!, request);
  }

  private spawn(precision: Precision, engine: AvailableEngine, count: number): void {
    dismiss(this.team);
    this.ailing = false;
    const team: Team = { precision, workers: [], dead: false };
    this.team = team;
    team.workers = Array.from({ length: count }, (_, index) => {
      const worker = new Worker(new URL('./sweep_worker.ts', import.meta.url), { type: 'module' });
      const isCurrent = () => this.team === team;
      worker.addEventListener('message', ({ data }: MessageEvent<SweepEvent>) => {
        if (data.type === 'adapter' && index === 0)
          team.compute = { adapter: data.adapter, engine: data.engine, workers: count };
        if (isCurrent()) this.receive(index, data);
        else if (data.type === 'unavailable') team.dead = true; // it is told when it is asked again
      });
      worker.addEventListener('error', (event) => {
        event.preventDefault(); // it is told here
        team.dead = true;
        if (!isCurrent()) return;
        this.ailing = true;
        this.listener.error(event.message || 'The part of this page that trains could not be loaded');
      });
      post(worker, { type: 'open', engine });
      return worker;
    });
  }

  private useCpu(state: GpuUnavailableState): void {
    this.onGpu = false;
    this.spawn('float32', 'reference', cpuWorkers());
    this.ailing = navigator.gpu !== undefined;
    this.listener.unavailable(state);
    const { pending } = this;
    if (pending?.type === 'measure') this.measure(pending.experiment, pending.memory, pending.seconds);
    if (pending?.type === 'start')
      this.start(pending.experiment, pending.memory, pending.known, 'float32', pending.manner);
  }

  private receive(index: number, event: SweepEvent): void {
    if ('run' in event && event.run !== 0 && event.run !== this.run) return;
    switch (event.type) {
      case 'adapter':
        if (this.onGpu && this.team.precision === 'float32' && event.engine === 'reference')
          this.ailing = true;
        if (index === 0) this.listener.adapter(this.team.compute!);
        break;
      case 'checked':
        this.listener.checked();
        break;
      case 'fault':
        this.listener.fault(event.words);
        break;
      case 'unavailable':
        if (this.onGpu && this.team.precision === 'float32') this.useCpu(event.state);
        break;
      case 'measured':
        this.listener.measured(event.side, event.seconds, event.manner);
        break;
      case 'shape':
        this.listener.shape(event.shape);
        break;
      case 'results':
        this.listener.results(event.batch);
        break;
      case 'progress':
        this.progress.set(index, event.progress);
        this.listener.progress(mergeProgress([...this.progress.values()]));
        break;
      case 'trace':
        this.listener.trace(event.trial, event.trace);
        break;
      case 'replay':
        this.listener.replay(event.trial, event.replay);
        break;
      case 'edges':
        this.listener.edges(event.line, event.edges, event.sharp);
        break;
      case 'longer':
        this.listener.longer(event.batch);
        break;
      case 'frame':
        this.listener.frame(event.frame);
        break;
      case 'no-frame':
        this.listener.noFrame(event.words);
        break;
      case 'done':
        this.ended += 1;
        if (this.ended === this.team.workers.length) this.listener.done();
        break;
      case 'error':
        this.ailing = true;
        this.listener.error(event.message);
        break;
    }
  }
}

function cpuWorkers(): number {
  return Math.max(1, Math.min(MOST_WORKERS, navigator.hardwareConcurrency - 1));
}

function dismiss(team: Team | undefined): void {
  for (const worker of team?.workers ?? []) worker.terminate();
}

function post(worker: Worker, request: SweepRequest): void {
  worker.postMessage(request, []);
}
