import type { Experiment } from '../experiment/types';
import type { GpuUnavailableState } from '../gpu/errors';
import type { EdgeLine, Edges } from '../scheduler/edge_finder';
import type { Progress } from '../scheduler/sweep';
import { FASTEST } from '../training/engines';
import { mergeProgress } from './progress';
import type { ResultBatch } from '../scheduler/results';
import type { SweepEvent, SweepRequest } from './sweep_protocol';
import type { Trace } from '../scheduler/trace';

export interface SweepClientListener {
  adapter(compute: { adapter: string; engine: string; workers: number }): void;
  /** The adapter has answered a question whose answer is known. */
  checked(): void;
  /** Something was computed wrongly, and what happens now. */
  fault(words: string): void;
  /** No GPU; the client goes on by itself on the CPU. */
  unavailable(state: GpuUnavailableState): void;
  measured(side: number, seconds: number): void;
  results(batch: ResultBatch): void;
  progress(progress: Progress): void;
  trace(trial: number, trace: Trace): void;
  edges(line: EdgeLine, edges: Edges, sharp: boolean): void;
  /** Outcomes of trials that are trained for longer. */
  longer(batch: ResultBatch): void;
  done(): void;
  error(message: string): void;
}

/** CPU workers, one core being left to the page. */
const MOST_WORKERS = 8;

/** The main thread's side of the sweep workers: one with a GPU, or without one several on the CPU. */
export class SweepClient {
  private workers: Worker[] = [];
  private run = 0;
  /** By worker, of the present run. */
  private progress = new Map<number, Progress>();
  private ended = 0;
  /** The last thing asked for, to be asked again when the GPU turns out to be missing. */
  private pending: SweepRequest | undefined;
  private onGpu = true;
  /** Some worker has ended: those that there are answer nothing more. */
  private dead = false;
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
    this.begin();
    const workers = this.workers.length;
    this.ask(0, { type: 'measure', run: this.run, experiment, memory, seconds, workers });
  }

  start(experiment: Experiment, memory: number): void {
    this.begin();
    const count = this.workers.length;
    for (const index of this.workers.keys())
      this.ask(index, { type: 'start', run: this.run, experiment, memory, share: { index, count } });
  }

  trace(trials: readonly number[]): void {
    post(this.workers[0]!, { type: 'trace', run: this.run, trials });
  }

  edges(line: EdgeLine, seeds: number): void {
    post(this.workers[0]!, { type: 'edges', run: this.run, line, seeds });
  }

  longer(trials: readonly number[]): void {
    post(this.workers[0]!, { type: 'longer', run: this.run, trials });
  }

  send(type: 'pause' | 'resume' | 'stop'): void {
    for (const worker of this.workers) post(worker, { type });
  }

  private open(): void {
    this.pending = undefined;
    this.onGpu = true;
    if (navigator.gpu) this.spawn(1);
    else this.useCpu(isSecureContext ? 'no-webgpu' : 'insecure-context');
  }

  private begin(): void {
    if (this.dead) this.open();
    this.run += 1;
    this.progress.clear();
    this.ended = 0;
  }

  private ask(index: number, request: SweepRequest): void {
    this.pending = request;
    post(this.workers[index]!, request);
  }

  private spawn(count: number): void {
    const engine = this.onGpu ? FASTEST : 'reference';
    for (const worker of this.workers) worker.terminate();
    this.dead = false;
    this.ailing = false;
    this.workers = Array.from({ length: count }, (_, index) => {
      const worker = new Worker(new URL('./sweep_worker.ts', import.meta.url), { type: 'module' });
      const isCurrent = () => this.workers[index] === worker;
      worker.addEventListener('message', ({ data }: MessageEvent<SweepEvent>) => {
        if (isCurrent()) this.receive(index, data);
      });
      worker.addEventListener('error', (event) => {
        event.preventDefault(); // it is told here
        if (!isCurrent()) return;
        this.dead = true;
        this.ailing = true;
        this.listener.error(event.message || 'The part of this page that trains could not be loaded');
      });
      post(worker, { type: 'open', engine });
      return worker;
    });
  }

  private useCpu(state: GpuUnavailableState): void {
    this.onGpu = false;
    this.spawn(Math.max(1, Math.min(MOST_WORKERS, navigator.hardwareConcurrency - 1)));
    this.ailing = navigator.gpu !== undefined;
    this.listener.unavailable(state);
    const { pending } = this;
    if (pending?.type === 'measure') this.measure(pending.experiment, pending.memory, pending.seconds);
    if (pending?.type === 'start') this.start(pending.experiment, pending.memory);
  }

  private receive(index: number, event: SweepEvent): void {
    if ('run' in event && event.run !== 0 && event.run !== this.run) return;
    switch (event.type) {
      case 'adapter':
        if (this.onGpu && event.engine === 'reference') this.ailing = true;
        if (index === 0)
          this.listener.adapter({
            adapter: event.adapter,
            engine: event.engine,
            workers: this.workers.length,
          });
        break;
      case 'checked':
        this.listener.checked();
        break;
      case 'fault':
        this.listener.fault(event.words);
        break;
      case 'unavailable':
        if (this.onGpu) this.useCpu(event.state);
        break;
      case 'measured':
        this.listener.measured(event.side, event.seconds);
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
      case 'edges':
        this.listener.edges(event.line, event.edges, event.sharp);
        break;
      case 'longer':
        this.listener.longer(event.batch);
        break;
      case 'done':
        this.ended += 1;
        if (this.ended === this.workers.length) this.listener.done();
        break;
      case 'error':
        this.ailing = true;
        this.listener.error(event.message);
        break;
    }
  }
}

function post(worker: Worker, request: SweepRequest): void {
  worker.postMessage(request, []);
}
