import type { GpuTurns, GpuUser } from './gpu_turns';
import type {
  LabCompute,
  LabEngine,
  LabEvent,
  LabRequest,
  MeasurementName,
  PartOf,
  RequestOf,
} from './lab_protocol';

export interface LabOptions<Part> {
  readonly engine: LabEngine;
  /** It begins, or begins anew on another engine: the parts before are void. */
  began?(compute: LabCompute): void;
  tell(part: Part): void;
  /** Aborted once the measurement is no longer wanted; the promise then ends without a word. */
  readonly signal?: AbortSignal;
}

/** What is to be told of a measurement that has not ended. */
interface Asked {
  readonly options: LabOptions<unknown>;
  end(failure?: string): void;
}

/** The page's side of the lab: measurements in a worker, each while the GPU is its own. */
export class Lab {
  private worker: Worker | undefined;
  private readonly asked = new Map<number, Asked>();
  private ids = 0;

  /** @param spawn makes the worker, once one is needed */
  constructor(
    private readonly turns: GpuTurns,
    private readonly spawn = () =>
      new Worker(new URL('./lab_worker.ts', import.meta.url), { type: 'module' }),
  ) {}

  /** @throws Error in words where it cannot be made */
  measure<Name extends MeasurementName>(
    name: Name,
    request: RequestOf<Name>,
    options: LabOptions<PartOf<Name>>,
  ): Promise<void> {
    const { engine, signal } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return resolve();
      let id: number | undefined;
      const put = () => {
        if (id === undefined) return;
        this.asked.delete(id);
        this.post({ type: 'end', id });
        id = undefined;
      };
      const user: GpuUser = {
        use: 'measure',
        go: () => {
          id = this.ids += 1;
          this.asked.set(id, { options: options as LabOptions<unknown>, end });
          this.post({ type: 'measure', id, name, request, engine });
        },
        hold: put, // it begins anew when it is its turn again
      };
      const end = (failure?: string) => {
        put();
        signal?.removeEventListener('abort', abort);
        this.turns.leave(user);
        if (failure === undefined) resolve();
        else reject(new Error(failure));
      };
      const abort = () => end();
      signal?.addEventListener('abort', abort);
      this.turns.enter(user);
    });
  }

  private post(request: LabRequest): void {
    if (!this.worker && request.type === 'end') return;
    this.worker ??= this.open();
    this.worker.postMessage(request, []);
  }

  private open(): Worker {
    const worker = this.spawn();
    worker.addEventListener('message', ({ data }: MessageEvent<LabEvent>) => this.receive(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault(); // it is told here
      this.worker = undefined;
      const words = event.message || 'the part of this page that measures could not be loaded';
      for (const { end } of this.asked.values()) end(words);
    });
    return worker;
  }

  private receive(event: LabEvent): void {
    const asked = this.asked.get(event.id);
    if (!asked) return;
    switch (event.type) {
      case 'began':
        asked.options.began?.(event.compute);
        break;
      case 'part':
        asked.options.tell(event.part);
        break;
      case 'done':
        asked.end();
        break;
      case 'failed':
        asked.end(event.words);
        break;
    }
  }
}
