import type { Engine } from '../training/engine';

/** One engine for several sweeps at once, opened again when one of them finds it lost. */
export class SharedEngine {
  private current: Promise<Engine> | undefined;

  constructor(private readonly openEngine: () => Promise<Engine>) {}

  open(): Promise<Engine> {
    this.current ??= this.openEngine().catch((error: unknown) => {
      this.current = undefined;
      throw error;
    });
    return this.current;
  }

  /** What one sweep makes its engine with: a sweep asks again only when it has lost the engine it had. */
  lease(): () => Promise<Engine> {
    let had: Promise<Engine> | undefined;
    return async () => {
      if (had !== undefined && had === this.current) {
        this.current = undefined;
        (await had).close();
      }
      had = this.open();
      const engine = await had;
      return {
        name: engine.name,
        adapter: engine.adapter,
        capacity: (plan, bytes) => engine.capacity(plan, bytes),
        open: (input) => engine.open(input),
        close() {
          // The others still use it.
        },
      };
    };
  }
}
