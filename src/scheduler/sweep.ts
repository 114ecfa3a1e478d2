import type { Experiment, TrialDocument } from '../experiment/types';
import { EngineLostError, type Engine, type TrialStates, type Wave } from '../training/engine';
import { isDecided, judge } from '../training/outcome';
import { planKey, planOf, type Plan } from '../training/plan';
import { WaveInputs } from '../training/wave_input';
import { coarseToFine } from './order';
import { Pace, QueueClock } from './pace';
import type { TrialResult } from './results';
import { traceOf, type Trace } from './trace';
import { TrialSource } from './trial_source';

export interface SweepOptions {
  /** Bytes that all waves together may take; 256 MiB by default. */
  memory?: number;
  /** Which trials to run (by index); all by default. */
  wants?: (trial: number) => boolean;
  /** Also record every loss and norm of every step. */
  tracing?: boolean;
}

export interface SweepListener {
  /** Outcomes of trials, and how the trials of the same wave that still train stand. */
  results(results: readonly TrialResult[]): void;
  progress?(progress: Progress): void;
  /** A finished trial's history, when tracing. */
  trace?(trial: number, trace: Trace): void;
}

export interface Progress {
  trials: number;
  finished: number;
  /** Share of the work done, by training steps; what a diverged trial need not train counts as done. */
  fraction: number;
  /** Seconds of running so far, and the seconds that the rest should take at the same pace. */
  elapsed: number;
  left: number;
  /** Steps that were really trained, over all trials. */
  trialSteps: number;
}

export type SweepEnd = 'done' | 'stopped';

const MEMORY = 256 * 2 ** 20;
/** Submits in flight: while one runs, the next is being prepared. */
const LANES = 2;
/** Trials of a wave whose speed nobody has measured yet. */
const FIRST_WAVE = 32;
/** How much larger than the latest wave of its plan a wave may be. */
const GROWTH = 4;
/** Of a slice's 40 ms, what one step of a wave may take: several steps a slice, so that pacing has something to pace. */
const STEP_MILLISECONDS = 12;
/** How often a sweep takes a new device after the last one was lost. */
const RECOVERIES = 3;

interface Group {
  readonly plan: Plan;
  readonly trials: number[];
}

/** A group that an engine trains together. */
interface WaveWork extends Group {
  /** Which of `trials` still train, by index; all have come to the same step. */
  kept: readonly number[];
  step: number;
}

/**
 * Runs an experiment's trials on an engine: coarse cells first, in waves that fit the memory, in slices that fit a frame.
 * Trials that are decided are dropped between slices. Knows neither page nor GPU.
 */
export class Sweep {
  readonly source: TrialSource;
  private readonly inputs = new WaveInputs();
  private readonly plans = new Map<string, Plan>();
  /** Plans by the trial that `samePlan` names. */
  private readonly planOf = new Map<number, Plan>();
  private readonly memory: number;
  private readonly tracing: boolean;
  /** Trials that wait, by level and plan. */
  private readonly levels: Group[][];
  private readonly underWay = new Set<WaveWork>();
  /** By plan: trial-steps a millisecond, and the trials of the latest wave. */
  private readonly rates = new Map<string, number>();
  private readonly sizes = new Map<string, number>();
  private readonly clock = new QueueClock();
  private gate: Promise<void> | undefined;
  private open: (() => void) | undefined;
  private stopped = false;
  private failed = false;

  private readonly trials: number;
  private finished = 0;
  private readonly totalSteps: number;
  /** Steps of finished trials, with those that they need not train. */
  private finishedSteps = 0;
  private trainedSteps = 0;
  /** Milliseconds of running up to `since`, which is undefined while nothing runs. */
  private ran = 0;
  private since: number | undefined;

  /** @param makeEngine called at the start, and again when the device was lost */
  constructor(
    experiment: Experiment,
    private readonly makeEngine: () => Promise<Engine>,
    private readonly listener: SweepListener,
    { memory = MEMORY, wants = () => true, tracing = false }: SweepOptions = {},
  ) {
    this.source = new TrialSource(experiment);
    this.memory = memory;
    this.tracing = tracing;
    const { arms, replicates, nx, ny } = this.source.grid;
    // Within a level the arms take turns, so that their maps fill together.
    this.levels = coarseToFine(nx, ny).map(({ cells }) => {
      const level: number[] = [];
      for (const cell of cells)
        for (let arm = 0; arm < arms; arm += 1)
          for (let replicate = 0; replicate < replicates; replicate += 1) {
            const trial = (arm * replicates + replicate) * nx * ny + cell;
            if (wants(trial)) level.push(trial);
          }
      return this.groups(level);
    });
    const groups = this.levels.flat();
    this.trials = groups.reduce((sum, { trials }) => sum + trials.length, 0);
    this.totalSteps = groups.reduce((sum, { plan, trials }) => sum + trials.length * plan.steps, 0);
  }

  /**
   * Trains everything that is left.
   * @throws what the engine throws; EngineLostError only when new devices were lost again and again
   */
  async run(): Promise<SweepEnd> {
    if (!this.gate) this.since = performance.now();
    for (let recoveries = 0; ; recoveries += 1) {
      const engine = await this.makeEngine();
      try {
        await this.runOn(engine);
        return this.finished < this.trials ? 'stopped' : 'done';
      } catch (error) {
        if (!(error instanceof EngineLostError) || recoveries === RECOVERIES) throw error;
      } finally {
        engine.close();
      }
    }
  }

  /** Holds the sweep after the slices in flight. */
  pause(): void {
    if (this.gate || this.stopped) return;
    if (this.since !== undefined) this.ran += performance.now() - this.since;
    this.since = undefined;
    this.gate = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  resume(): void {
    if (!this.gate) return;
    this.since = performance.now();
    this.gate = undefined;
    this.open?.();
  }

  /** Ends the run after the slices in flight; what was finished stays. */
  stop(): void {
    this.stopped = true;
    this.resume();
  }

  /** Whether no more slices are to begin. */
  private get ending(): boolean {
    return this.stopped || this.failed;
  }

  private async runOn(engine: Engine): Promise<void> {
    this.failed = false;
    const lane = async () => {
      while (!this.ending) {
        const work = this.nextWave(engine);
        if (!work) return;
        this.underWay.add(work);
        await this.runWave(engine, work);
        if (work.kept.length === 0) this.underWay.delete(work);
      }
    };
    const lanes = Array.from({ length: LANES }, () =>
      lane().catch((error: unknown) => {
        this.failed = true;
        throw error;
      }),
    );
    const ends = await Promise.allSettled(lanes);
    // Whatever was not finished waits for the next engine.
    for (const { plan, trials, kept } of this.underWay)
      this.levels[0]!.unshift({ plan, trials: kept.map((slot) => trials[slot]!) });
    this.underWay.clear();
    const errors = ends.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []));
    // What else goes wrong on a lost engine goes wrong because it is lost.
    if (errors.length > 0) throw errors.find((error) => error instanceof EngineLostError) ?? errors[0];
  }

  private groups(trials: readonly number[]): Group[] {
    const groups = new Map<string, Group>();
    for (const trial of trials) {
      const plan = this.planFor(trial);
      const group = groups.get(plan.key) ?? { plan, trials: [] };
      groups.set(plan.key, group);
      group.trials.push(trial);
    }
    return [...groups.values()];
  }

  private planFor(trial: number): Plan {
    const keyOf = (document: TrialDocument) => planKey(document, this.tracing);
    const same = this.source.samePlan(trial, keyOf);
    let plan = this.planOf.get(same);
    if (!plan) {
      const document = this.source.document(same);
      const key = keyOf(document);
      plan = this.plans.get(key) ?? planOf(document, this.tracing);
      this.plans.set(key, plan);
      this.planOf.set(same, plan);
    }
    return plan;
  }

  /** Takes the next wave out of the coarsest level that has trials, turn by turn from its groups. */
  private nextWave(engine: Engine): WaveWork | undefined {
    const level = this.levels.find((groups) => groups.length > 0);
    const group = level?.shift();
    if (!level || !group) return undefined;
    const { plan } = group;
    const trials = group.trials.splice(0, this.waveSize(engine, plan));
    if (group.trials.length > 0) level.push(group);
    return { plan, trials, kept: [...trials.keys()], step: 0 };
  }

  private waveSize(engine: Engine, plan: Plan): number {
    const fitting = engine.capacity(plan, this.memory / LANES);
    const rate = this.rates.get(plan.key);
    const paced =
      rate === undefined ? FIRST_WAVE : Math.max(FIRST_WAVE, Math.floor(rate * STEP_MILLISECONDS));
    // A rate may be measured wrongly once; growing step by step keeps a wave from being absurdly large for it.
    const size = Math.min(fitting, paced, GROWTH * (this.sizes.get(plan.key) ?? FIRST_WAVE));
    this.sizes.set(plan.key, size);
    return size;
  }

  private async runWave(engine: Engine, work: WaveWork): Promise<void> {
    const documents = work.trials.map((trial) => this.source.document(trial));
    const wave = await engine.open(this.inputs.of(work.plan, documents));
    try {
      await this.train(wave, work, documents);
    } finally {
      wave.close();
    }
  }

  private async train(wave: Wave, work: WaveWork, documents: readonly TrialDocument[]): Promise<void> {
    const { plan, trials } = work;
    const pace = new Pace();
    while (work.kept.length > 0) {
      while (this.gate && !this.ending) await this.gate;
      if (this.ending) return;
      const { kept } = work;
      const steps = Math.min(pace.steps, plan.steps - work.step);
      const { result: states, milliseconds } = await this.clock.time(() => wave.run(steps));
      pace.measured(steps, milliseconds);
      // The few that are left of a wave do not tell how fast a whole one is.
      if (2 * kept.length >= trials.length)
        this.rates.set(plan.key, (kept.length * steps) / Math.max(milliseconds, 0.1));
      work.step += steps;
      this.trainedSteps += kept.length * steps;

      const isOver = (slot: number) =>
        work.step === plan.steps || isDecided(documents[slot]!.rule, states, slot);
      if (kept.some(isOver)) {
        await this.finish(wave, work, documents, states, isOver);
        if (work.kept.length > 0) wave.keep(work.kept);
      }
      this.listener.results(work.kept.map((slot) => standing(trials[slot]!, documents[slot]!, states, slot)));
      this.listener.progress?.(this.progress());
    }
  }

  private async finish(
    wave: Wave,
    work: WaveWork,
    documents: readonly TrialDocument[],
    states: TrialStates,
    isOver: (slot: number) => boolean,
  ): Promise<void> {
    const { plan, trials } = work;
    const slots = work.kept.filter(isOver);
    // Everything is read before anything is told: an engine that is lost in between leaves no trial half finished.
    const histories = await wave.histories();
    const norms = this.tracing ? await wave.norms() : undefined;
    const history = (slot: number) => histories.subarray(slot * plan.ring, (slot + 1) * plan.ring);
    work.kept = work.kept.filter((slot) => !isOver(slot));
    this.finished += slots.length;
    this.finishedSteps += slots.length * plan.steps;
    this.listener.results(
      slots.map((slot) => {
        const { rule } = documents[slot]!;
        const bestConstant = this.inputs.bestConstant(documents[slot]!);
        return {
          trial: trials[slot]!,
          ...judge(rule, plan.steps, bestConstant, states, slot, history(slot)),
        };
      }),
    );
    if (!norms) return;
    const row = plan.ring * plan.layers.length * 2;
    for (const slot of slots)
      this.listener.trace?.(
        trials[slot]!,
        traceOf(plan, states.recorded[slot]!, history(slot), norms.subarray(slot * row, (slot + 1) * row)),
      );
  }

  private progress(): Progress {
    const elapsed = (this.ran + (this.since === undefined ? 0 : performance.now() - this.since)) / 1000;
    let done = this.finishedSteps;
    for (const { kept, step } of this.underWay) done += kept.length * step;
    const fraction = done / this.totalSteps;
    return {
      trials: this.trials,
      finished: this.finished,
      fraction,
      elapsed,
      left: fraction > 0 ? (elapsed * (1 - fraction)) / fraction : Infinity,
      trialSteps: this.trainedSteps,
    };
  }
}

/** A trial that still trains, as far as it has come. */
function standing(trial: number, document: TrialDocument, states: TrialStates, slot: number): TrialResult {
  const lossInitial = states.lossInitial[slot]!;
  const lossFinal = states.lossLast[slot]!;
  const falls = lossFinal < lossInitial;
  const weight = document.optimizer.steps / Math.max(1, states.recorded[slot]!);
  return {
    trial,
    class: 'training',
    // What the score would be if the rest went on as the part so far did.
    score: weight * (falls ? -states.sumV[slot]! : states.sumInverseV[slot]!),
    lossInitial,
    lossFinal,
    lossMin: states.lossMin[slot]!,
    divergedAt: states.divergedAt[slot]!,
  };
}
