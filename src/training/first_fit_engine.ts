import { DelegatingEngine } from './delegating_engine';
import type { Engine, Needs, Wave, WaveInput } from './engine';
import type { Plan } from './plan';

/** Engines on one device, of which each plan is trained by the first that supports it. */
export class FirstFitEngine extends DelegatingEngine {
  /** @param engines the first gives its name, and closes the device for all */
  constructor(private readonly engines: readonly [Engine, ...Engine[]]) {
    super(engines[0]);
  }

  override supports(plan: Plan): boolean {
    return this.engines.some((engine) => engine.supports(plan));
  }

  override needs(plan: Plan): Needs {
    return this.fit(plan).needs(plan);
  }

  override open(input: WaveInput): Promise<Wave> {
    return this.fit(input.plan).open(input);
  }

  override shapes(plan: Plan): readonly string[] {
    return this.fit(plan).shapes(plan);
  }

  private fit(plan: Plan): Engine {
    const found = this.engines.find((engine) => engine.supports(plan));
    if (!found) throw new Error(`No engine trains the plan ${plan.key}`);
    return found;
  }
}
