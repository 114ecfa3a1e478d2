import { Setbacks } from '../scheduler/setbacks';
import { DelegatingEngine } from '../training/delegating_engine';
import type { Engine, EngineFaultError } from '../training/engine';

/** Closed by one sweep, while others still use the engine. */
class Leased extends DelegatingEngine {
  override close(): void {
    // Whoever opened it closes it.
  }
}

/** One engine for several sweeps at once, opened again when one of them finds it lost, or wrong. */
export class SharedEngine {
  private current: Promise<Engine> | undefined;

  /**
   * @param openEngine called with what was wrong, where another engine than the last is wanted
   * @param tell is told of setbacks that `with` got over
   */
  constructor(
    private readonly openEngine: (fault?: EngineFaultError) => Promise<Engine>,
    private readonly tell: (words: string) => void = () => undefined,
  ) {}

  open(fault?: EngineFaultError): Promise<Engine> {
    this.current ??= this.openEngine(fault).catch((error: unknown) => {
      this.current = undefined;
      throw error;
    });
    return this.current;
  }

  /** Does `work`, and again where the engine was wrong or lost. */
  async with<Result>(work: (engine: Engine) => Promise<Result>): Promise<Result> {
    const lease = this.lease();
    const setbacks = new Setbacks(this.tell);
    for (let fault: EngineFaultError | undefined; ;) {
      const engine = await lease(fault);
      try {
        return await work(engine);
      } catch (error) {
        fault = setbacks.after(engine, error);
      }
    }
  }

  /** Closes the engine, for good, if there is one. */
  async close(): Promise<void> {
    const engine = await this.current?.catch(() => undefined);
    engine?.close();
  }

  /** What one sweep makes its engine with: a sweep asks again only when it has lost the engine it had, or found it wrong. */
  lease(): (fault?: EngineFaultError) => Promise<Engine> {
    let had: Promise<Engine> | undefined;
    return async (fault) => {
      // Another sweep may have met the same before, and there is a new engine already.
      const isNews = had !== undefined && had === this.current;
      if (isNews) {
        this.current = undefined;
        (await had!).close();
      }
      had = this.open(isNews ? fault : undefined);
      return new Leased(await had);
    };
  }
}
