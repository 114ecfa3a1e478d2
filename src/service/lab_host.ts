import type { Engine, EngineFaultError } from '../training/engine';
import type { LabEngine, LabEvent, LabRequest } from './lab_protocol';
import type { Measurements } from './measurements';
import { SharedEngine } from './shared_engine';
import { wordsOf } from './words_of';

/** Makes the page's measurements, one after the other; lives in a worker. */
export class LabHost {
  private readonly engines: Readonly<Record<LabEngine, SharedEngine>>;
  private readonly wanted = new Set<number>();
  private queue: Promise<void> = Promise.resolve();

  /** @param engines what opens an engine, once it is needed */
  constructor(
    private readonly measurements: Measurements,
    engines: Readonly<Record<LabEngine, (fault?: EngineFaultError) => Promise<Engine>>>,
    private readonly emit: (event: LabEvent) => void,
  ) {
    this.engines = { gpu: new SharedEngine(engines.gpu), float64: new SharedEngine(engines.float64) };
  }

  handle(request: LabRequest): void {
    if (request.type === 'end') this.wanted.delete(request.id);
    else {
      this.wanted.add(request.id);
      this.queue = this.queue.then(() => this.measure(request));
    }
  }

  private async measure({ id, name, request, engine }: LabRequest & { type: 'measure' }): Promise<void> {
    const isWanted = () => this.wanted.has(id);
    if (!isWanted()) return;
    try {
      await this.engines[engine].with((opened) => {
        this.emit({ type: 'began', id, compute: { engine: opened.name, adapter: opened.adapter } });
        const tell = (part: unknown) => isWanted() && this.emit({ type: 'part', id, part });
        return this.measurements[name]!(opened, request as never, tell, isWanted);
      });
      if (isWanted()) this.emit({ type: 'done', id });
    } catch (error) {
      if (isWanted()) this.emit({ type: 'failed', id, words: wordsOf(error) });
    } finally {
      this.wanted.delete(id);
    }
  }
}
