import type { Grid } from '../experiment/axes';
import type { Rule } from '../experiment/types';
import type { Engine, EngineFaultError, Wave } from '../training/engine';
import { MANY, type Manner } from '../training/manner';
import { isDecided } from '../training/outcome';
import { operationsOf, type Plan } from '../training/plan';
import type { TrialStates } from '../training/states';
import { WaveInputs, type GrowingWave } from '../training/wave_input';
import { InfeasibleError } from './feasible';
import { mebibytes } from './memory';
import { WavePace, type Pace } from './pace';
import { Setbacks } from './setbacks';
import { TrialPlans, type Kind } from './trial_plans';
import type { TrialSource } from './trial_source';

/** Where all trials of an experiment stand at the same step. */
export interface Frame {
  /** t: the losses are those before update t. */
  readonly step: number;
  /** By trial; of one that ended before, its last. */
  readonly loss: Float32Array<ArrayBuffer>;
  /** By trial: the step at which it diverged, or −1 where it has not so far. */
  readonly divergedAt: Int32Array<ArrayBuffer>;
}

/** Trials of one plan, before their wave is opened. */
interface Group {
  readonly plan: Plan;
  readonly most: number;
  readonly input: GrowingWave;
  /** By slot, as are `rules`. */
  readonly trials: number[];
  readonly rules: Rule[];
}

/** An open wave, and how far it has come. */
interface Opened extends Group {
  readonly wave: Wave;
  readonly pace: Pace;
  /** Slots that still train. */
  kept: number[];
  step: number;
}

/** Trains all trials of an experiment together, step by step, where a sweep trains one wave to its end before the next. */
export class Lockstep {
  private engine: Engine | undefined;
  private fault: EngineFaultError | undefined;
  private waves: readonly Opened[] | undefined;
  private closed = false;
  private busy = false;
  private readonly setbacks: Setbacks;
  private readonly loss: Float32Array<ArrayBuffer>;
  private readonly divergedAt: Int32Array<ArrayBuffer>;

  /**
   * @param makeEngine called at the start, and again when the device was lost, or with the fault when an engine computed wrongly
   * @param memory bytes that the waves of all trials may take on the engine's device, all at once
   * @param tell is told of setbacks, in words
   * @param manner in what shape they are trained
   */
  constructor(
    private readonly source: TrialSource,
    private readonly makeEngine: (fault?: EngineFaultError) => Promise<Engine>,
    private readonly memory: number,
    tell: (words: string) => void,
    private readonly manner: Manner = MANY,
  ) {
    const { trials } = source.grid;
    this.setbacks = new Setbacks(tell);
    this.loss = new Float32Array(trials).fill(Number.NaN);
    this.divergedAt = new Int32Array(trials).fill(-1);
  }

  /**
   * Trains on until every trial has told its loss of this step. A trial never goes back: earlier steps are those that were asked for before.
   * @returns nothing where it was closed meanwhile
   * @throws InfeasibleError where the trials do not fit the memory together; what the engine throws, EngineLostError and
   *   EngineFaultError only when new engines failed again and again
   */
  async to(step: number): Promise<Frame | undefined> {
    this.busy = true;
    try {
      while (!this.closed) if (await this.reach(step)) break;
    } finally {
      this.busy = false;
      if (this.closed) this.closeWaves();
    }
    return this.closed ? undefined : { step, loss: this.loss.slice(), divergedAt: this.divergedAt.slice() };
  }

  /** Gives the memory back, for good; what is under way ends soon. */
  close(): void {
    this.closed = true;
    if (!this.busy) this.closeWaves();
  }

  /** @returns whether all have come there; if not, the same trials are to come as far again on the next engine */
  private async reach(step: number): Promise<boolean> {
    const engine = (this.engine ??= await this.makeEngine(this.fault));
    try {
      this.waves ??= await this.open(engine);
      for (const wave of this.waves) await this.train(wave, step + 1);
    } catch (error) {
      this.closeWaves();
      this.fault = this.setbacks.after(engine, error);
      this.engine = undefined;
      return false;
    }
    this.setbacks.overcome();
    return true;
  }

  private closeWaves(): void {
    for (const { wave } of this.waves ?? []) wave.close();
    this.waves = undefined;
  }

  private async open(engine: Engine): Promise<Opened[]> {
    const opened: Opened[] = [];
    try {
      for (const group of this.groups(engine)) {
        const { plan, input, trials } = group;
        const pace = new WavePace(operationsOf(plan)).begin(trials.length);
        const wave = await engine.open(input);
        opened.push({ ...group, wave, pace, kept: [...trials.keys()], step: 0 });
      }
    } catch (error) {
      for (const { wave } of opened) wave.close();
      throw error;
    }
    return opened;
  }

  /**
   * All trials in waves, coarse cells first.
   * @throws InfeasibleError
   */
  private groups(engine: Engine): Group[] {
    const { source, memory } = this;
    const plans = new TrialPlans(source, false, this.manner);
    const inputs = new WaveInputs();
    const groups: Group[] = [];
    /** Of each kind, the one that grows. */
    const growing = new Map<Kind, Group>();
    const begin = (kind: Kind): Group => {
      const plan = plans.planOf(kind);
      const needs = engine.needs(plan);
      const input = inputs.begin(plan, { bytes: Infinity, needs });
      const group = { plan, most: needs.most, input, trials: [], rules: [] };
      groups.push(group);
      growing.set(kind, group);
      return group;
    };
    let [placed, bytes] = [0, 0];
    for (const level of source.levels())
      for (const trial of level) {
        const kind = plans.kindOf(trial);
        const document = source.document(trial);
        let group = growing.get(kind);
        let before = group?.input.bytes ?? 0;
        if (!group || group.trials.length >= group.most || !group.input.add(document)) {
          group = begin(kind);
          before = 0;
          group.input.add(document);
        }
        bytes += group.input.bytes - before;
        if (bytes > memory) throw tooMany(source.grid, memory, placed);
        group.trials.push(trial);
        group.rules.push(document.rule);
        placed += 1;
      }
    return groups;
  }

  /** Trains a wave until it has made `steps`, or all that its trials have. */
  private async train(opened: Opened, steps: number): Promise<void> {
    const { wave, plan, pace, trials, rules } = opened;
    const end = Math.min(steps, plan.steps);
    while (opened.step < end && opened.kept.length > 0) {
      const { kept } = opened;
      const { parts } = pace;
      const slice = Math.min(pace.steps, end - opened.step);
      const together = Math.ceil(kept.length / parts);
      let states: TrialStates | undefined;
      for (let from = 0; from < kept.length; from += together) {
        // A wave of which one part has made these steps and another has not is not looked at any more.
        if (this.closed) return;
        const part = kept.slice(from, from + together);
        wave.keep(part);
        const start = performance.now();
        states = await wave.run(slice);
        if (part.length === together) pace.measured(slice, performance.now() - start, parts);
      }
      opened.step += slice;
      const now = states!;
      for (const slot of kept) {
        this.loss[trials[slot]!] = now.lossLast[slot]!;
        this.divergedAt[trials[slot]!] = now.divergedAt[slot]!;
      }
      opened.kept = kept.filter((slot) => !isDecided(rules[slot]!, now, slot));
    }
  }
}

/** @param fitting trials that do fit, spread over the whole grid */
function tooMany({ nx, ny, cells, trials }: Grid, memory: number, fitting: number): InfeasibleError {
  const points = (fitting * cells) / trials;
  const fits =
    ny === 1
      ? `about ${Math.floor(points)}`
      : `about ${Math.floor(Math.sqrt(points * (nx / ny)))} × ${Math.floor(Math.sqrt(points * (ny / nx)))}`;
  return new InfeasibleError(
    `grid: found ${ny === 1 ? nx : `${nx} × ${ny}`} cells, whose ${trials.toLocaleString('en')} trials cannot all be in memory at once; ` +
      `allowed: ${fits} cells, in ${Math.round(mebibytes(memory)).toLocaleString('en')} MiB`,
  );
}
