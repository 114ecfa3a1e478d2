import type { Rule } from '../experiment/types';
import {
  capacityOf,
  EngineFaultError,
  EngineLostError,
  type Engine,
  type Wave,
  type WaveInput,
} from '../training/engine';
import { isConsistent, isDecided, judge } from '../training/outcome';
import { operationsOf, planKey, type Plan } from '../training/plan';
import { planOf } from '../training/planner';
import type { TrialStates } from '../training/states';
import { WaveInputs } from '../training/wave_input';
import { DEFAULT_MEMORY, LEAST_MEMORY, mebibytes } from './memory';
import { QueueClock, slicesOfWait, WavePace } from './pace';
import { finishedBatch, trainingBatch, type ResultBatch } from './results';
import { Setbacks } from './setbacks';
import { traceOf, type Trace } from './trace';
import type { Trials } from './trial_source';

export interface SweepOptions {
  /** Bytes that all waves together may take on the engine's device; 256 MiB by default. A single trial runs though it needs more. */
  memory?: number;
  /** Which trials to run (by index); all by default. */
  wants?: (trial: number) => boolean;
  /** Also record every loss and norm of every step. */
  tracing?: boolean;
}

export interface SweepListener {
  /** Outcomes of trials, each told once. */
  results(outcomes: ResultBatch): void;
  /**
   * How the trials of a wave that still train stand; after every slice, so that a batch is made only when it is asked for.
   * @param wave the same for the same wave; what it said before no longer counts
   */
  standing?(wave: object, batch: () => ResultBatch): void;
  progress?(progress: Progress): void;
  /** A finished trial's history, when tracing. */
  trace?(trial: number, trace: Trace): void;
  /** Something was wrong, in words, and the same trials are trained once more in the same way. */
  fault?(words: string): void;
}

export interface Progress {
  trials: number;
  finished: number;
  /** Share of the work done, by training steps; what a diverged trial need not train counts as done. */
  fraction: number;
  /** Seconds of running so far, and the seconds that the rest should take at the pace of the latter half of them. */
  elapsed: number;
  left: number;
  /** Steps that were really trained, over all trials. */
  trialSteps: number;
}

export type SweepEnd = 'done' | 'stopped';

/** Submits in flight: while one runs, the next is being prepared. */
const LANES = 2;
/** How much later each mark of a sweep's progress is than the one before. */
const MARK = 1.05;
/** Plans that are kept: each may hold megabytes, and there may be one for every cell. */
const KEPT_PLANS = 8;

/** What trials of one plan have in common. */
interface Kind {
  readonly key: string;
  readonly steps: number;
  /** One of them. */
  readonly trial: number;
}

/** Trials that wait for the same plan. */
interface Group {
  readonly kind: Kind;
  readonly trials: Uint32Array;
  /** The first of them that has not been taken. */
  next: number;
}

/** Trials that an engine trains together. */
interface WaveWork {
  readonly kind: Kind;
  readonly plan: Plan;
  readonly trials: Uint32Array;
  readonly input: WaveInput;
  /** That it takes on the engine's device. */
  readonly bytes: number;
  /** By slot. */
  readonly rules: readonly Rule[];
  /** Which of `trials` still train, by index; all have come to the same step. */
  kept: Slots;
  step: number;
}

type Slots = Uint32Array;

/**
 * Runs trials on an engine: in the order of their levels, in waves that fit the memory, in slices that fit a frame.
 * Trials that are decided are dropped between slices. Knows neither page nor GPU.
 */
export class Sweep<Source extends Trials = Trials> {
  private readonly inputs = new WaveInputs();
  private readonly kinds = new Map<string, Kind>();
  /** Kinds by the trial that `samePlan` names. */
  private readonly kindsByTrial = new Map<number, Kind>();
  /** By key, the latest last. */
  private readonly plans = new Map<string, Plan>();
  private memory: number;
  /** Bytes of the waves that there are, and who waits for some of them to be given back. */
  private inUse = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly tracing: boolean;
  /** Trials that wait, by level and plan. */
  private readonly levels: Group[][];
  private readonly underWay = new Set<WaveWork>();
  private readonly paces = new Map<string, WavePace>();
  private readonly clock = new QueueClock();
  /** That are submitted before they are waited for together. */
  private slices = 1;
  private gate: Promise<void> | undefined;
  private open: (() => void) | undefined;
  private stopped = false;
  private failed = false;

  private readonly trials: number;
  private finished = 0;
  /** Trials that were under way when the last engine failed. */
  private unfinished = 0;
  private readonly totalSteps: number;
  /** Steps of finished trials, with those that they need not train. */
  private finishedSteps = 0;
  /** Those that they were really trained. */
  private neededSteps = 0;
  private trainedSteps = 0;
  /** Milliseconds of running up to `since`, which is undefined while nothing runs. */
  private ran = 0;
  private since: number | undefined;
  /** What had been trained when, each time a little later. */
  private marks = [{ elapsed: 0, trained: 0 }];

  /** @param makeEngine called at the start, and again when the device was lost, or with the fault when an engine computed wrongly */
  constructor(
    readonly source: Source,
    private readonly makeEngine: (fault?: EngineFaultError) => Promise<Engine>,
    private readonly listener: SweepListener,
    { memory = DEFAULT_MEMORY, wants = () => true, tracing = false }: SweepOptions = {},
  ) {
    this.memory = memory;
    this.tracing = tracing;
    this.levels = Array.from(source.levels(), (level) => this.groups(level.filter(wants)));
    const groups = this.levels.flat();
    this.trials = groups.reduce((sum, { trials }) => sum + trials.length, 0);
    this.totalSteps = groups.reduce((sum, { kind, trials }) => sum + trials.length * kind.steps, 0);
  }

  /**
   * Trains everything that is left.
   * @throws what the engine throws; EngineLostError and EngineFaultError only when new engines failed again and again
   */
  async run(): Promise<SweepEnd> {
    if (!this.gate) this.since = performance.now();
    const setbacks = new Setbacks((words) => this.listener.fault?.(words));
    let fault: EngineFaultError | undefined;
    for (let due = 0; ;) {
      const engine = await this.makeEngine(fault);
      try {
        await this.runOn(engine);
        return this.finished < this.trials ? 'stopped' : 'done';
      } catch (error) {
        if (this.finished >= due) setbacks.overcome();
        due = this.finished + Math.max(1, this.unfinished);
        fault = setbacks.after(engine, error, () => this.withLessMemory());
      } finally {
        engine.close();
      }
    }
  }

  private withLessMemory(): string | undefined {
    if (this.memory < 2 * LEAST_MEMORY) return undefined;
    this.memory /= 2;
    return `in ${mebibytes(this.memory)} MiB`;
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
    this.slices = slicesOfWait(await engine.emptyWait());
    const lane = async () => {
      while (!this.ending) {
        const work = this.nextWave(engine);
        if (!work) return;
        this.underWay.add(work);
        await this.room(work.bytes);
        try {
          if (!this.ending) await this.runWave(engine, work);
        } finally {
          this.inUse -= work.bytes;
          for (const wake of this.waiting.splice(0)) wake();
        }
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
    this.unfinished = 0;
    for (const { kind, trials, kept } of this.underWay) {
      this.levels[0]!.unshift({ kind, trials: kept.map((slot) => trials[slot]!), next: 0 });
      this.unfinished += kept.length;
    }
    this.underWay.clear();
    this.marks = [{ elapsed: this.elapsed(), trained: this.trainedSteps }]; // it has come back to here
    const errors = ends.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []));
    // What else goes wrong on a lost engine goes wrong because it is lost.
    if (errors.length > 0)
      throw (
        errors.find((error) => error instanceof EngineLostError) ??
        errors.find((error) => error instanceof EngineFaultError) ??
        errors[0]
      );
  }

  /** Waits until a wave of so many bytes fits beside those that there are; a wave alone always does. */
  private async room(bytes: number): Promise<void> {
    while (this.inUse > 0 && this.inUse + bytes > this.memory)
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.inUse += bytes;
  }

  /** Trials by their kind, each in the order in which they came; in arrays that are no burden to the collector. */
  private groups(trials: Uint32Array): Group[] {
    const counts = new Map<Kind, number>();
    for (const trial of trials) {
      const kind = this.kindOf(trial);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    if (counts.size <= 1) return Array.from(counts.keys(), (kind) => ({ kind, trials, next: 0 }));
    const groups = new Map(
      Array.from(counts, ([kind, count]) => [kind, { kind, trials: new Uint32Array(count), next: 0 }]),
    );
    for (const trial of trials) {
      const group = groups.get(this.kindOf(trial))!;
      group.trials[group.next++] = trial;
    }
    return Array.from(groups.values(), (group) => ({ ...group, next: 0 }));
  }

  private kindOf(trial: number): Kind {
    const same = this.source.samePlan(trial);
    let kind = this.kindsByTrial.get(same);
    if (!kind) {
      const document = this.source.document(same);
      const key = planKey(document, this.tracing);
      kind = this.kinds.get(key) ?? { key, steps: document.optimizer.steps, trial: same };
      this.kinds.set(key, kind);
      this.kindsByTrial.set(same, kind);
    }
    return kind;
  }

  private planFor({ key, trial }: Kind): Plan {
    const plan = this.plans.get(key) ?? planOf(this.source.document(trial), this.tracing);
    this.plans.delete(key);
    this.plans.set(key, plan);
    const [oldest] = this.plans.keys();
    if (this.plans.size > KEPT_PLANS) this.plans.delete(oldest!);
    return plan;
  }

  /** Takes the next wave out of the coarsest level that has trials, turn by turn from its groups. */
  private nextWave(engine: Engine): WaveWork | undefined {
    const level = this.levels.find((groups) => groups.length > 0);
    const group = level?.shift();
    if (!level || !group) return undefined;
    const { kind, trials, next } = group;
    const plan = this.planFor(kind);
    const bytes = this.memory / LANES;
    const needs = engine.needs(plan);
    const fitting = capacityOf(needs, bytes);
    const wanted = this.paceOf(plan).next(Math.min(fitting, trials.length - next));
    const input = this.inputs.begin(plan, { bytes, needs });
    const rules: Rule[] = [];
    while (rules.length < wanted) {
      const document = this.source.document(trials[next + rules.length]!);
      if (!input.add(document)) break;
      rules.push(document.rule);
    }
    group.next += rules.length;
    if (group.next < trials.length) level.push(group);
    const kept = Uint32Array.from(rules.keys());
    const taken = trials.subarray(next, group.next);
    return { kind, plan, trials: taken, input, bytes: input.bytes, rules, kept, step: 0 };
  }

  private paceOf(plan: Plan): WavePace {
    let pace = this.paces.get(plan.key);
    if (!pace) this.paces.set(plan.key, (pace = new WavePace(operationsOf(plan))));
    return pace;
  }

  private async runWave(engine: Engine, work: WaveWork): Promise<void> {
    const wave = await engine.open(work.input);
    try {
      await this.train(wave, work);
    } finally {
      wave.close();
    }
  }

  private async train(wave: Wave, work: WaveWork): Promise<void> {
    const { plan, rules } = work;
    const wavePace = this.paceOf(plan);
    const pace = wavePace.begin(work.kept.length);
    let trained = work.kept;
    while (work.kept.length > 0) {
      const slice = pace.steps;
      const steps = Math.min(slice * this.slices, plan.steps - work.step);
      let states: TrialStates | undefined;
      for (let from = 0; from < work.kept.length;) {
        while (this.gate && !this.ending) await this.gate;
        // Of a wave of which only a part came further nothing is told: all its trials are at one step.
        if (this.ending) return;
        const { parts } = pace;
        const together = Math.ceil(work.kept.length / parts);
        const part =
          from === 0 && together === work.kept.length ? work.kept : work.kept.subarray(from, from + together);
        if (part !== trained) wave.keep(part);
        trained = part;
        const { result, milliseconds } = await this.clock.time(() => wave.run(steps, slice));
        states = result;
        from += part.length;
        this.trainedSteps += part.length * steps;
        if (part.length < together) continue; // the rest of a division does not tell how long a part takes
        const longest = Math.min(slice, steps);
        pace.measured(longest, (milliseconds * longest) / steps, parts);
        // The few that are left of a wave do not tell how fast a whole one is.
        if (2 * work.kept.length >= work.trials.length)
          wavePace.measured(part.length, steps, milliseconds, parts);
      }
      work.step += steps;
      const now = states!;
      const over = work.kept.filter((slot) => work.step === plan.steps || isDecided(rules[slot]!, now, slot));
      if (over.length > 0) await this.finish(wave, work, now, over);
      const { kept } = work;
      this.listener.standing?.(work, () => trainingBatch(trialsAt(work, kept), kept, now, plan.steps));
      this.listener.progress?.(this.progress());
    }
  }

  private async finish(wave: Wave, work: WaveWork, states: TrialStates, over: Slots): Promise<void> {
    const { plan, trials, rules, input } = work;
    // Everything is read before anything is told: an engine that is lost in between leaves no trial half finished.
    const histories = await wave.histories();
    const norms = this.tracing ? await wave.norms() : undefined;
    const history = (slot: number) => histories.subarray(slot * plan.ring, (slot + 1) * plan.ring);
    const outcomes = Array.from(over, (slot) => {
      if (!isConsistent(states, slot, history(slot)))
        throw new EngineFaultError('the losses of a trial are not those of which it was told');
      const bestConstant = input.trials[slot]!.settings[plan.settings.bestConstant]!;
      return judge(rules[slot]!, plan, bestConstant, states, slot, history(slot));
    });
    const finished = finishedBatch(trialsAt(work, over), outcomes, states);
    work.kept = without(work.kept, over);
    this.finished += over.length;
    this.finishedSteps += over.length * plan.steps;
    this.neededSteps += over.length * work.step;
    this.listener.results(finished);
    if (!norms) return;
    const row = plan.ring * plan.layers.length * 2;
    for (const slot of over)
      this.listener.trace?.(
        trials[slot]!,
        traceOf(plan, states.recorded[slot]!, history(slot), norms.subarray(slot * row, (slot + 1) * row)),
      );
  }

  private progress(): Progress {
    const { marks, trainedSteps: trained, totalSteps } = this;
    const elapsed = this.elapsed();
    const begun = marks.findLast((mark) => mark.elapsed <= elapsed / 2) ?? marks[0]!;
    if (elapsed > MARK * marks.at(-1)!.elapsed) marks.push({ elapsed, trained });
    let [made, whole] = [0, 0];
    for (const { kept, step, plan } of this.underWay) {
      made += kept.length * step;
      whole += kept.length * plan.steps;
    }
    const fraction = (this.finishedSteps + made) / totalSteps;
    // Trials that wait need as many of their steps as those before them; what is under way may need all, for diverged ones end first.
    const begunSteps = this.finishedSteps + whole;
    const share = begunSteps > 0 ? (this.neededSteps + whole) / begunSteps : 1;
    const ahead = whole - made + share * (totalSteps - begunSteps);
    const pace = (trained - begun.trained) / (elapsed - begun.elapsed);
    return {
      trials: this.trials,
      finished: this.finished,
      fraction,
      elapsed,
      left: fraction < 1 ? (pace > 0 ? ahead / pace : Infinity) : 0,
      trialSteps: trained,
    };
  }

  /** Seconds of running. */
  private elapsed(): number {
    return (this.ran + (this.since === undefined ? 0 : performance.now() - this.since)) / 1000;
  }
}

/** `slots` but for some of them; both ascend. */
function without(slots: Slots, removed: Slots): Slots {
  let next = 0;
  return slots.filter((slot) => {
    if (slot !== removed[next]) return true;
    next += 1;
    return false;
  });
}

function trialsAt({ trials }: WaveWork, slots: Slots): Uint32Array {
  return slots.map((slot) => trials[slot]!);
}
