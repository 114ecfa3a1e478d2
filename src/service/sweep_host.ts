import { GpuUnavailableError } from '../gpu/errors';
import { Manners } from '../scheduler/manners';
import type { Engine, EngineFaultError } from '../training/engine';
import type { AvailableEngine } from '../training/engines';
import type { LadderListener } from '../training/ladder';
import { HostRun, type Emit } from './host_run';
import { SharedEngine } from './shared_engine';
import type { SweepRequest } from './sweep_protocol';
import { wordsOf } from './words_of';

/** Answers the page's requests with an engine and runs on it, one after the other; lives in a worker. */
export class SweepHost {
  private engine: SharedEngine | undefined;
  /** What has been measured of shapes, for as long as the page is open. */
  private readonly manners = new Manners();
  /** The latest. */
  private run: HostRun | undefined;
  /** Work that has the engine to begin with, one after the other. */
  private queue: Promise<void> = Promise.resolve();

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
        this.open(request.engine);
        break;
      case 'measure':
        this.begin(request.run, (run) => run.measure(request));
        break;
      case 'start':
        this.begin(request.run, (run) => run.start(request));
        break;
      case 'trace':
        void this.runOf(request.run)?.trace(request.trials);
        break;
      case 'replay':
        void this.runOf(request.run)?.replay(request.trials);
        break;
      case 'edges':
        this.runOf(request.run)?.edges(request.line, request.seeds);
        break;
      case 'longer':
        this.runOf(request.run)?.longer(request.trials);
        break;
      case 'advance':
        this.runOf(request.run)?.advance(request.step);
        break;
      case 'stand-still':
        this.runOf(request.run)?.standStill();
        break;
      case 'pause':
        this.run?.pause();
        break;
      case 'resume':
        this.run?.resume();
        break;
      case 'stop':
        this.run?.stop();
        break;
    }
  }

  private open(name: AvailableEngine): void {
    const checked = () => this.emit({ type: 'checked' });
    const open = this.engines(name, { checked, fault: this.fault });
    const engine = new SharedEngine(async (fault) => {
      const opened = await open(fault);
      this.emit({ type: 'adapter', engine: opened.name, adapter: opened.adapter });
      return opened;
    }, this.fault);
    this.engine = engine;
    this.enqueue(0, async () => {
      await engine.open();
    });
  }

  /** Ends the run before; what that one has not begun is left out. */
  private begin(number: number, work: (run: HostRun) => Promise<void>): void {
    if (!this.engine) throw new Error('A sweep worker was asked to work before it was opened');
    this.run?.end();
    const run = new HostRun(number, this.engine, this.manners, this.emit, this.fault);
    this.run = run;
    this.enqueue(number, async () => {
      if (!run.isOver) await work(run);
    });
  }

  private runOf(number: number): HostRun | undefined {
    return this.run?.number === number ? this.run : undefined;
  }

  private enqueue(run: number, work: () => Promise<void>): void {
    this.queue = this.queue.then(work).catch((error: unknown) => {
      if (error instanceof GpuUnavailableError)
        this.emit({ type: 'unavailable', state: error.state, message: error.message });
      else this.emit({ type: 'error', run, message: wordsOf(error) });
    });
  }

  /** Something was wrong, in words, and what happens now. */
  private readonly fault = (words: string): void => this.emit({ type: 'fault', words });
}
