import type { Measure } from '../experiment/types';
import type { Wave } from '../training/engine';
import type { Measured } from '../training/outcome';
import type { Plan } from '../training/plan';
import type { TrialStates } from '../training/states';
import { weightNorms } from './norms';

type Slots = ArrayLike<number> & Iterable<number>;

/**
 * The measures of a document (`MEASURES`) of the trials of a wave, from the norms that it traces: `take` after every slice, `of` when
 * trials have come to their end. They are those of the steps that a trial records, so a diverged one has none of what an engine made
 * of it after it stopped.
 */
export class TrialMeasures {
  /** By slot: of the steps taken so far the largest ‖∇‖₂, NaN above all, and ‖W‖₂ before the last recorded update. */
  private readonly gradientNormMax: Float64Array;
  private readonly weightNormLast: Float64Array;
  /** Steps taken. */
  private taken = 0;

  /** @param plan one that traces */
  constructor(
    private readonly plan: Plan,
    private readonly measures: readonly Measure[],
    trials: number,
  ) {
    this.gradientNormMax = new Float64Array(trials);
    this.weightNormLast = new Float64Array(trials);
  }

  /** Steps after which `take` is due, at the latest. */
  get mostSteps(): number {
    return this.plan.ring;
  }

  /**
   * Takes in what the kept trials did in the `steps` since the last time.
   * @throws EngineFaultError, EngineLostError
   */
  async take(wave: Wave, { recorded }: TrialStates, kept: Slots, steps: number): Promise<void> {
    const { ring, layers } = this.plan;
    const norms = await wave.read('norms');
    const of = (slot: number, step: number, which: 0 | 1) => {
      const row = (slot * ring + (step % ring)) * layers.length * 2;
      return Math.hypot(...layers.map((_, layer) => norms[row + 2 * layer + which]!)); // as a trace has it
    };
    for (const slot of kept) {
      const end = Math.min(this.taken + steps, recorded[slot]!);
      for (let step = this.taken; step < end; step += 1)
        this.gradientNormMax[slot] = Math.max(this.gradientNormMax[slot]!, of(slot, step, 0));
      if (end > this.taken) this.weightNormLast[slot] = of(slot, end - 1, 1);
    }
    this.taken += steps;
  }

  /**
   * What is measured of a trial that has come to its end.
   * @param stopped whether it ended before its last update: its weights are then those of its last loss
   * @throws EngineFaultError, EngineLostError
   */
  async of(wave: Wave, over: Slots, stopped: (slot: number) => boolean): Promise<(slot: number) => Measured> {
    const isWanted =
      this.measures.includes('weight_norm_final') && Array.from(over).some((slot) => !stopped(slot));
    const afterwards = isWanted ? weightNorms(this.plan, await wave.read('parameters')) : this.weightNormLast;
    const found: Readonly<Record<Measure, (slot: number) => number>> = {
      gradient_norm_max: (slot) => this.gradientNormMax[slot]!,
      weight_norm_final: (slot) => (stopped(slot) ? this.weightNormLast : afterwards)[slot]!,
    };
    return (slot) => Object.fromEntries(this.measures.map((measure) => [measure, found[measure](slot)]));
  }
}
