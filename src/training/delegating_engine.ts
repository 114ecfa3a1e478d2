import type { Engine, EngineName, Needs, Wave, WaveInput } from './engine';
import type { Plan } from './plan';

/** An engine that adds something to another one, and is that one in all else. */
export class DelegatingEngine implements Engine {
  readonly name: EngineName;
  readonly adapter: string;
  readonly roundoff: number;

  constructor(protected readonly engine: Engine) {
    this.name = engine.name;
    this.adapter = engine.adapter;
    this.roundoff = engine.roundoff;
  }

  supports(plan: Plan): boolean {
    return this.engine.supports(plan);
  }

  needs(plan: Plan): Needs {
    return this.engine.needs(plan);
  }

  open(input: WaveInput): Promise<Wave> {
    return this.engine.open(input);
  }

  shapes(plan: Plan): readonly string[] {
    return this.engine.shapes(plan);
  }

  emptyWait(): Promise<number> {
    return this.engine.emptyWait();
  }

  close(): void {
    this.engine.close();
  }
}
