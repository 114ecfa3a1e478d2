import type { Measure } from '../experiment/types';
import type { Wave, WaveInput } from '../training/engine';
import type { Measured } from '../training/outcome';
import type { Plan } from '../training/plan';
import type { TrialStates } from '../training/states';
import { weightNorms } from './norms';
import { TrialSharpness, type Starts } from './trial_sharpness';

type Slots = ArrayLike<number> & Iterable<number>;

/**
 * The measures of a document (`MEASURES`) of the trials of a wave, from the norms that it traces and the parameters that it ends with:
 * `take` after every slice, `of` when trials have come to their end. They are those of the steps that a trial records, so a diverged one
 * has none of what an engine made of it after it stopped.
 */
export class TrialMeasures {
  private readonly plan: Plan;
  /** By slot: of the steps taken so far the largest ‖∇‖₂, NaN above all, and ‖W‖₂ before the last recorded update. */
  private readonly gradientNormMax: Float64Array;
  private readonly weightNormLast: Float64Array;
  /** Nothing where no sharpness is asked for. */
  private readonly sharpness: TrialSharpness | undefined;
  /** Steps taken. */
  private taken = 0;
  /** The parameters of all slots after so many steps. */
  private ends: { readonly taken: number; readonly parameters: Float64Array } | undefined;

  /**
   * @param input of a plan that traces what the measures want (`tracingFor`)
   * @param starts of all waves of the sweep
   */
  constructor(
    input: WaveInput,
    private readonly measures: readonly Measure[],
    starts: Starts,
  ) {
    const { plan, trials } = input;
    this.plan = plan;
    this.gradientNormMax = new Float64Array(trials.length);
    this.weightNormLast = new Float64Array(trials.length);
    const isSharp = measures.some((measure) => measure.startsWith('sharpness'));
    this.sharpness = isSharp ? new TrialSharpness(input, starts) : undefined;
  }

  /** Steps after which `take` is due, at the latest. */
  get mostSteps(): number {
    return this.plan.tracing ? this.plan.ring : Infinity;
  }

  /** Of how many trials `of` is to be asked at once, so that nobody waits long. */
  get atOnce(): number {
    return this.sharpness?.atOnce ?? Infinity;
  }

  /**
   * Takes in what the kept trials did in the `steps` since the last time.
   * @throws EngineFaultError, EngineLostError
   */
  async take(wave: Wave, { recorded }: TrialStates, kept: Slots, steps: number): Promise<void> {
    const { ring, layers, tracing } = this.plan;
    const from = this.taken;
    this.taken += steps;
    if (!tracing) return;
    const norms = await wave.read('norms');
    const of = (slot: number, step: number, which: 0 | 1) => {
      const row = (slot * ring + (step % ring)) * layers.length * 2;
      return Math.hypot(...layers.map((_, layer) => norms[row + 2 * layer + which]!)); // as a trace has it
    };
    for (const slot of kept) {
      const end = Math.min(from + steps, recorded[slot]!);
      for (let step = from; step < end; step += 1)
        this.gradientNormMax[slot] = Math.max(this.gradientNormMax[slot]!, of(slot, step, 0));
      if (end > from) this.weightNormLast[slot] = of(slot, end - 1, 1);
    }
  }

  /**
   * What is measured of trials that have come to their end.
   * @param stopped whether one ended before its last update: its weights are then those of its last loss, and its sharpness there is not
   *   told, since engines go on from them
   * @throws EngineFaultError, EngineLostError
   */
  async of(wave: Wave, over: Slots, stopped: (slot: number) => boolean): Promise<(slot: number) => Measured> {
    const found = new Map<number, Partial<Record<Measure, number>>>();
    for (const slot of over) {
      const measured: Partial<Record<Measure, number>> = {};
      for (const measure of this.measures)
        measured[measure] = await this.find[measure](wave, slot, stopped(slot));
      found.set(slot, measured);
    }
    return (slot) => found.get(slot)!;
  }

  private readonly find: Readonly<
    Record<Measure, (wave: Wave, slot: number, isStopped: boolean) => number | Promise<number>>
  > = {
    gradient_norm_max: (_, slot) => this.gradientNormMax[slot]!,
    weight_norm_final: async (wave, slot, isStopped) =>
      isStopped ? this.weightNormLast[slot]! : weightNorms(this.plan, await this.end(wave, slot))[0]!,
    sharpness_initial: (_, slot) => this.sharpness!.initial(slot),
    sharpness_final: async (wave, slot, isStopped) =>
      isStopped ? Number.NaN : this.sharpness!.at(slot, await this.end(wave, slot)),
  };

  /** The parameters of a trial after its last update. */
  private async end(wave: Wave, slot: number): Promise<Float64Array> {
    if (this.ends?.taken !== this.taken)
      this.ends = { taken: this.taken, parameters: await wave.read('parameters') };
    const { parameters } = this.plan;
    return this.ends.parameters.subarray(slot * parameters, (slot + 1) * parameters);
  }
}
