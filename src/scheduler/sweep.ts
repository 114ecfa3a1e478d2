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
/** Of a slice's 40 ms, what one step of a wave may take: several steps a slice, so that pacing has something to pace. */
const STEP_MILLISECONDS = 12;
/** How often a sweep takes a new device after the last one was lost. */
const RECOVERIES = 3;

interface Group {
  readonly plan: Plan;
  readonly trials: number[];
}

/**
 * Runs an experiment's trials on an engine: coarse cells first, in waves that fit the memory, in slices that fit a frame.
 * Trials that are decided are dropped between slices. Knows neither page nor GPU.
 */
export class Sweep {
  readonly source: TrialSource;
  private readonly inputs = new WaveInputs();
  private readonly plans = new Map<string, Plan>();
  private readonly memory: number;
  private readonly tracing: boolean;
  private readonly queue: number[][];
  private readonly rates = new Map<string, number>();
  private readonly clock = new QueueClock();
  private gate: Promise<void> | undefined;
  private open: (() => void) | undefined;
  private stopped = false;

  private readonly trials: number;
  private finished = 0;
  private readonly steps: { total: number; done: number; trained: number };
  private running = { since: 0, before: 0 };

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
    this.queue = coarseToFine(nx, ny).map(({ cells }) => {
      const level: number[] = [];
      for (const cell of cells)
        for (let arm = 0; arm < arms; arm += 1)
          for (let replicate = 0; replicate < replicates; replicate += 1) {
            const trial = (arm * replicates + replicate) * nx * ny + cell;
            if (wants(trial)) level.push(trial);
          }
      return level;
    });
    this.trials = this.queue.reduce((sum, level) => sum + level.length, 0);
    this.steps = { total: this.trials * experiment.optimizer.steps, done: 0, trained: 0 };
  }

  /**
   * Trains everything that is left.
   * @throws what the engine throws; EngineLostError only when new devices were lost again and again
   */
  async run(): Promise<SweepEnd> {
    this.running = { since: performance.now(), before: this.running.before };
    for (let recoveries = 0; ; recoveries += 1) {
      const engine = await this.makeEngine();
      try {
        await this.runOn(engine);
        return this.stopped ? 'stopped' : 'done';
      } catch (error) {
        if (!(error instanceof EngineLostError) || recoveries === RECOVERIES) throw error;
      } finally {
        engine.close();
      }
    }
  }

  /** Holds the sweep after the slices in flight. */
  pause(): void {
    if (this.gate) return;
    this.running.before += performance.now() - this.running.since;
    this.gate = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  resume(): void {
    if (!this.gate) return;
    this.running.since = performance.now();
    this.gate = undefined;
    this.open?.();
  }

  /** Ends the run after the slices in flight; what was finished stays. */
  stop(): void {
    this.stopped = true;
    this.resume();
  }

  private async runOn(engine: Engine): Promise<void> {
    const levels = this.queue.map((trials) => this.groups(trials));
    const inFlight = new Set<readonly number[]>();
    const failure = new AbortController();
    const lane = async () => {
      while (!this.stopped && !failure.signal.aborted) {
        const wave = this.nextWave(engine, levels);
        if (!wave) return;
        inFlight.add(wave.trials);
        await this.runWave(engine, wave.plan, wave.trials);
        inFlight.delete(wave.trials);
      }
    };
    const lanes = Array.from({ length: LANES }, () =>
      lane().catch((error: unknown) => {
        failure.abort();
        throw error;
      }),
    );
    const ends = await Promise.allSettled(lanes);
    // Whatever was not finished waits for the next engine.
    for (const [index, level] of levels.entries()) this.queue[index] = level.flatMap((group) => group.trials);
    this.queue[0]!.unshift(...[...inFlight].flat());
    const rejected = ends.find((end) => end.status === 'rejected');
    if (rejected) throw rejected.reason;
  }

  private groups(trials: readonly number[]): Group[] {
    const groups = new Map<string, Group>();
    for (const trial of trials) {
      const plan = this.planOf(this.source.document(trial));
      const group = groups.get(plan.key) ?? { plan, trials: [] };
      groups.set(plan.key, group);
      group.trials.push(trial);
    }
    return [...groups.values()];
  }

  private planOf(document: TrialDocument): Plan {
    const key = planKey(document, this.tracing);
    let plan = this.plans.get(key);
    if (!plan) this.plans.set(key, (plan = planOf(document, this.tracing)));
    return plan;
  }

  /** Takes the next wave out of the coarsest level that has trials, turn by turn from its groups. */
  private nextWave(engine: Engine, levels: readonly Group[][]): Group | undefined {
    const level = levels.find((groups) => groups.length > 0);
    const group = level?.shift();
    if (!level || !group) return undefined;
    const trials = group.trials.splice(0, this.waveSize(engine, group.plan));
    if (group.trials.length > 0) level.push(group);
    return { plan: group.plan, trials };
  }

  private waveSize(engine: Engine, plan: Plan): number {
    const fitting = engine.capacity(plan, this.memory / LANES);
    const rate = this.rates.get(plan.key);
    const paced =
      rate === undefined ? FIRST_WAVE : Math.max(FIRST_WAVE, Math.floor(rate * STEP_MILLISECONDS));
    return Math.min(fitting, paced);
  }

  private async runWave(engine: Engine, plan: Plan, trials: readonly number[]): Promise<void> {
    const documents = trials.map((trial) => this.source.document(trial));
    const input = this.inputs.of(plan, documents);
    const wave = await engine.open(input);
    try {
      await this.train(wave, plan, trials, documents);
    } finally {
      wave.close();
    }
  }

  private async train(
    wave: Wave,
    plan: Plan,
    trials: readonly number[],
    documents: readonly TrialDocument[],
  ): Promise<void> {
    const pace = new Pace();
    let kept = [...trials.keys()];
    for (let step = 0; kept.length > 0;) {
      await this.gate;
      if (this.stopped) return;
      const steps = Math.min(pace.steps, plan.steps - step);
      const { result: states, milliseconds } = await this.clock.time(() => wave.run(steps));
      pace.measured(steps, milliseconds);
      this.rates.set(plan.key, (kept.length * steps) / Math.max(milliseconds, 0.1));
      step += steps;
      this.steps.done += kept.length * steps;
      this.steps.trained += kept.length * steps;

      const isOver = (slot: number) => step === plan.steps || isDecided(documents[slot]!.rule, states, slot);
      const over = kept.filter(isOver);
      const going = kept.filter((slot) => !isOver(slot));
      if (over.length > 0) {
        await this.finish(wave, plan, trials, documents, states, over);
        this.steps.done += over.length * (plan.steps - step);
        if (going.length > 0) wave.keep(going);
      }
      kept = going;
      this.listener.results(going.map((slot) => standing(trials[slot]!, documents[slot]!, states, slot)));
      this.listener.progress?.(this.progress());
    }
  }

  private async finish(
    wave: Wave,
    plan: Plan,
    trials: readonly number[],
    documents: readonly TrialDocument[],
    states: TrialStates,
    slots: readonly number[],
  ): Promise<void> {
    const histories = await wave.histories();
    const history = (slot: number) => histories.subarray(slot * plan.ring, (slot + 1) * plan.ring);
    const results = slots.map((slot): TrialResult => {
      const { rule } = documents[slot]!;
      const bestConstant = this.inputs.bestConstant(documents[slot]!);
      return { trial: trials[slot]!, ...judge(rule, plan.steps, bestConstant, states, slot, history(slot)) };
    });
    this.finished += results.length;
    this.listener.results(results);
    if (!this.tracing) return;
    const norms = await wave.norms();
    const row = plan.ring * plan.layers.length * 2;
    for (const slot of slots)
      this.listener.trace?.(
        trials[slot]!,
        traceOf(plan, states.recorded[slot]!, history(slot), norms.subarray(slot * row, (slot + 1) * row)),
      );
  }

  private progress(): Progress {
    const elapsed = (this.running.before + (this.gate ? 0 : performance.now() - this.running.since)) / 1000;
    const fraction = this.steps.total === 0 ? 1 : this.steps.done / this.steps.total;
    return {
      trials: this.trials,
      finished: this.finished,
      fraction,
      elapsed,
      left: fraction > 0 ? (elapsed * (1 - fraction)) / fraction : Infinity,
      trialSteps: this.steps.trained,
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
