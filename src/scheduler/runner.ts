import type { Measure, Rule } from '../experiment/types';
import { TrialMeasures } from '../measures/trial_measures';
import { Starts } from '../measures/trial_sharpness';
import { capacityOf, EngineFaultError, EngineLostError, type Engine, type Wave } from '../training/engine';
import type { TrialStates } from '../training/states';
import { isDecided } from '../training/outcome';
import { operationsOf, type Plan } from '../training/plan';
import { WaveInputs } from '../training/wave_input';
import type { Collector } from './collector';
import { Gate } from './gate';
import { LEAST_MEMORY, mebibytes } from './memory';
import { QueueClock, slicesOfWait, WavePace } from './pace';
import type { ProgressMeter } from './progress';
import { Room } from './room';
import { Setbacks } from './setbacks';
import type { TrialPlans } from './trial_plans';
import type { TrialQueue } from './trial_queue';
import type { Trials } from './trials';
import type { Slots, WaveWork } from './wave_work';

/** Waves that are trained at once: while the engine runs a slice of one, a slice of the other is being prepared. */
const LANES = 2;

/** What a sweep is put together from. */
export interface Parts {
  readonly trials: Trials;
  readonly queue: TrialQueue;
  readonly plans: TrialPlans;
  readonly collector: Collector;
  readonly meter: ProgressMeter;
  /** What else is recorded of each trial. */
  readonly measures: readonly Measure[];
  /** Makes an engine: the first, another where that was lost, or another kind where it computed wrongly. */
  readonly makeEngine: (fault?: EngineFaultError) => Promise<Engine>;
  /** Is told of what the same engine may get over, in words. */
  readonly fault: (words: string) => void;
}

/** Trains what waits in the queue: in waves that fit the memory, in slices that fit a frame, on one engine after the other. */
export class Runner {
  readonly gate = new Gate();
  private readonly inputs = new WaveInputs();
  private readonly starts = new Starts();
  private readonly room: Room;
  /** By the plan's key. */
  private readonly paces = new Map<string, WavePace>();
  private readonly clock = new QueueClock();
  private readonly underWay = new Set<WaveWork>();
  /** Slices that are submitted before they are waited for together. */
  private slices = 1;
  private stopped = false;
  private failed = false;

  /** @param memory bytes that all waves together may take on the engine's device */
  constructor(
    private readonly parts: Parts,
    memory: number,
  ) {
    this.room = new Room(memory);
  }

  /**
   * Trains until nothing waits, or it is stopped.
   * @throws what the engine throws; EngineLostError and EngineFaultError only when new engines failed again and again
   */
  async run(): Promise<void> {
    const { makeEngine, meter } = this.parts;
    const setbacks = new Setbacks(this.parts.fault);
    let fault: EngineFaultError | undefined;
    for (let due = 0; ;) {
      const engine = await makeEngine(fault);
      try {
        return await this.runOn(engine);
      } catch (error) {
        // Who has come further than all trials that were under way at the last failure has got over it.
        if (meter.finished >= due) setbacks.overcome();
        due = meter.finished + Math.max(1, this.returnUnfinished());
        fault = setbacks.after(engine, error, () => this.withLessMemory());
      } finally {
        engine.close();
      }
    }
  }

  /** Ends the run after the slices in flight. */
  stop(): void {
    this.stopped = true;
    this.gate.open();
  }

  get isStopped(): boolean {
    return this.stopped;
  }

  private withLessMemory(): string | undefined {
    const { room } = this;
    if (room.bytes < 2 * LEAST_MEMORY) return undefined;
    room.bytes /= 2;
    return `in ${mebibytes(room.bytes)} MiB`;
  }

  /** Whether no more slices are to begin. */
  private get ending(): boolean {
    return this.stopped || this.failed;
  }

  private async runOn(engine: Engine): Promise<void> {
    this.failed = false;
    this.slices = slicesOfWait(await engine.emptyWait());
    const lanes = Array.from({ length: LANES }, () =>
      this.lane(engine).catch((error: unknown) => {
        this.failed = true;
        throw error;
      }),
    );
    const ends = await Promise.allSettled(lanes);
    const errors = ends.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []));
    // What else goes wrong on a lost engine goes wrong because it is lost.
    if (errors.length > 0)
      throw (
        errors.find((error) => error instanceof EngineLostError) ??
        errors.find((error) => error instanceof EngineFaultError) ??
        errors[0]
      );
  }

  /** Trials of waves that did not come to their end wait for the next engine; how many they are. */
  private returnUnfinished(): number {
    let unfinished = 0;
    for (const { kind, trials, kept } of this.underWay) {
      this.parts.queue.putBack(
        kind,
        kept.map((slot) => trials[slot]!),
      );
      unfinished += kept.length;
    }
    this.underWay.clear();
    this.parts.meter.setBack();
    return unfinished;
  }

  /** Trains one wave after the other. */
  private async lane(engine: Engine): Promise<void> {
    while (!this.ending) {
      const work = this.nextWave(engine);
      if (!work) return;
      this.underWay.add(work);
      await this.room.take(work.bytes);
      try {
        if (!this.ending) await this.runWave(engine, work);
      } finally {
        this.room.giveBack(work.bytes);
      }
      if (work.kept.length === 0) this.underWay.delete(work);
    }
  }

  /** Takes as many trials of the plan whose turn it is as fit the memory and train at the right pace. */
  private nextWave(engine: Engine): WaveWork | undefined {
    const { queue, plans, trials: source, measures } = this.parts;
    const group = queue.next();
    if (!group) return undefined;
    const { kind } = group;
    const plan = plans.planOf(kind);
    const bytes = this.room.bytes / LANES;
    const needs = engine.needs(plan);
    const input = this.inputs.begin(plan, { bytes, needs });
    const rules: Rule[] = [];
    for (const trial of queue.first(group, this.paceOf(plan).next(capacityOf(needs, bytes)))) {
      const document = source.document(trial);
      if (!input.add(document)) break;
      rules.push(document.rule);
    }
    const trials = queue.take(group, rules.length);
    const kept = Uint32Array.from(rules.keys());
    const measured = measures.length > 0 ? new TrialMeasures(input, measures, this.starts) : undefined;
    return { kind, plan, trials, rules, input, measured, bytes: input.bytes, kept, step: 0 };
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
    const { plan, rules, measured } = work;
    const { collector, meter } = this.parts;
    const wavePace = this.paceOf(plan);
    const pace = wavePace.begin(work.kept.length);
    let trained = work.kept;
    while (work.kept.length > 0) {
      const slice = pace.steps;
      const steps = Math.min(slice * this.slices, plan.steps - work.step, measured?.mostSteps ?? Infinity);
      let states: TrialStates | undefined;
      for (let from = 0; from < work.kept.length;) {
        while (this.gate.isShut && !this.ending) await this.gate.opened();
        // A wave of which one part has made these steps and another has not is left as it was before: its trials all stand at one step.
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
        meter.trained(part.length * steps);
        if (part.length < together) continue; // the rest of a division does not tell how long a part takes
        const longest = Math.min(slice, steps);
        pace.measured(longest, (milliseconds * longest) / steps, parts);
        // The few that are left of a wave do not tell how fast a whole one is.
        if (2 * work.kept.length >= work.trials.length)
          wavePace.measured(part.length, steps, milliseconds, parts);
      }
      work.step += steps;
      const now = states!;
      await measured?.take(wave, now, work.kept, steps);
      const over = work.kept.filter((slot) => work.step === plan.steps || isDecided(rules[slot]!, now, slot));
      if (!(await this.finish(wave, work, now, over))) return;
      collector.stand(work, now, this.underWay);
    }
  }

  /**
   * Has the outcomes of trials told, in parts where it takes long to measure them.
   * @returns false where the run ends before all of them are told: those that are not wait as they were
   */
  private async finish(wave: Wave, work: WaveWork, states: TrialStates, over: Slots): Promise<boolean> {
    const { collector, meter } = this.parts;
    const together = work.measured?.atOnce ?? Infinity;
    for (let from = 0; from < over.length; from += together) {
      if (from > 0) {
        collector.stand(work, states, this.underWay);
        while (this.gate.isShut && !this.ending) await this.gate.opened();
        if (this.ending) return false;
      }
      const part = over.subarray(from, from + together);
      const measured = together < Infinity ? meter.measure() : undefined;
      await collector.finish(wave, work, states, part).finally(() => measured?.(part.length));
    }
    return true;
  }
}
