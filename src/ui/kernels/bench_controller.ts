import type { GpuUnavailableState } from '../../gpu/errors';
import type { BenchReport } from '../../bench/bench';
import type { BenchEvent, BenchRequest } from '../../service/bench_protocol';
import type { GpuTurns, GpuUser } from '../../service/gpu_turns';

/** What the page knows of its measurement of kernels and engines; `change` follows every change. */
export class BenchController extends EventTarget {
  phase: 'idle' | 'measuring' | 'done' | 'failed' = 'idle';
  /** What has been measured so far, of `size`. */
  report: BenchReport | undefined;
  size: string | undefined;
  step: { what: string; at: number; total: number } | undefined;
  unavailable: GpuUnavailableState | undefined;
  failure: string | undefined;
  /** The latest fault, and what was done about it. */
  fault: string | undefined;
  private worker: Worker | undefined;
  private readonly user: GpuUser = {
    use: 'benchmark',
    go: () => this.measure(),
    hold() {
      // No one comes before a benchmark.
    },
  };

  constructor(private readonly turns: GpuTurns) {
    super();
  }

  /** Measures anew, as soon as it is its turn. */
  start(size: string): void {
    this.end();
    this.report = undefined;
    this.failure = undefined;
    this.fault = undefined;
    this.unavailable = undefined;
    this.size = size;
    if (!navigator.gpu) {
      this.receive({ type: 'unavailable', state: isSecureContext ? 'no-webgpu' : 'insecure-context' });
      return;
    }
    this.phase = 'measuring';
    this.turns.enter(this.user);
    this.changed();
  }

  private measure(): void {
    const worker = new Worker(new URL('../../service/bench_worker.ts', import.meta.url), { type: 'module' });
    this.worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<BenchEvent>) => {
      if (this.worker === worker) this.receive(data);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault(); // it is told here
      if (this.worker !== worker) return;
      const message = event.message || 'The part of this page that measures could not be loaded';
      this.receive({ type: 'error', message });
    });
    const request: BenchRequest = { size: this.size! };
    worker.postMessage(request, []);
  }

  /** Ends what is under way; what has been measured stays. */
  stop(): void {
    if (this.phase !== 'measuring') return;
    this.phase = 'idle';
    this.end();
    this.changed();
  }

  private receive(event: BenchEvent): void {
    switch (event.type) {
      case 'begins':
        this.step = event;
        break;
      case 'measured':
        this.report = event.report;
        break;
      case 'fault':
        this.fault = event.words;
        break;
      case 'done':
        this.phase = 'done';
        this.end();
        break;
      case 'unavailable':
        this.phase = 'failed';
        this.unavailable = event.state;
        this.end();
        break;
      case 'error':
        this.phase = 'failed';
        this.failure = event.message;
        this.end();
        break;
    }
    this.changed();
  }

  private end(): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.step = undefined;
    this.turns.leave(this.user);
  }

  private changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
