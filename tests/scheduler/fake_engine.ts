import { outcomeRecord } from '../../src/reference/outcome_record';
import { beginningState } from '../../src/reference/state';
import type { Engine, Needs, Wave, WaveInput, WaveTrial, ReadableBuffer } from '../../src/training/engine';
import type { Plan } from '../../src/training/plan';
import { emptyStates, takeState, type TrialStates } from '../../src/training/states';

/** The bytes that the fake engine says a trial takes. */
export const TRIAL_BYTES = 1000;

/** Loss t of a trial of the fake engine, in units of L*: gain·growth^t, a little more with each seed. */
export function fakeLoss(normalized: boolean, learningRate: number, gain: number, seed: number, t: number) {
  return gain * (1 + seed / 100) * (normalized ? learningRate / 2 : learningRate) ** t;
}

export interface FakeOptions {
  /** Milliseconds that a slice takes. */
  cost?: (trials: number, steps: number, plan: Plan) => number;
  /** Milliseconds between two looks at whether the device is done, as in Firefox; looked at once it is done unless told. */
  poll?: number;
  /** Among which it says that it has the choice; the plan's manner first, where that is one of them. */
  shapes?: readonly string[];
  /** Called when slice 0, 1, … is about to end; may wait, or throw what the engine then throws. */
  onSlice?: (slice: number) => void | Promise<void>;
  /** Called when histories or norms are read; may throw. */
  onRead?: () => void;
}

/** What an engine was asked to do. */
export class FakeLog {
  readonly opened: WaveInput[] = [];
  readonly slices: { of: number; kept: number; steps: number; milliseconds: number }[] = [];
  closedEngines = 0;
  openWaves = 0;
  openTrials = 0;
  mostOpenTrials = 0;
  inFlight = 0;
  mostInFlight = 0;
  /** Milliseconds between two slices in which there was nothing to do. */
  idle = 0;
}

/** Milliseconds since the start, of a time that only slices make pass. */
export class FakeTime {
  now = 0;
}

/** Losses by a formula, slices that take the time that a test says, one queue as a GPU has. */
export class FakeEngine implements Engine {
  readonly name = 'reference';
  readonly adapter = 'none';
  readonly roundoff = 2 ** -24;
  private queue: Promise<unknown> = Promise.resolve();
  /** When the device is done with all that was submitted. */
  private free = 0;

  constructor(
    readonly log: FakeLog,
    private readonly time: FakeTime,
    private readonly options: FakeOptions = {},
  ) {}

  supports(): boolean {
    return true;
  }

  needs(): Needs {
    return { trial: TRIAL_BYTES, wave: 0, initial: 0, most: Infinity };
  }

  async open(input: WaveInput): Promise<Wave> {
    const { log } = this;
    log.opened.push(input);
    log.openWaves += 1;
    log.openTrials += input.trials.length;
    log.mostOpenTrials = Math.max(log.mostOpenTrials, log.openTrials);
    return new FakeWave(input, this.options, log, (kept, steps, together) =>
      this.slices(input, kept, steps, together),
    );
  }

  shapes({ manner }: Plan): readonly string[] {
    const { shapes = [] } = this.options;
    return shapes.toSorted((a, b) => Number(b === manner) - Number(a === manner));
  }

  async emptyWait(): Promise<number> {
    return this.options.poll ?? 0;
  }

  close(): void {
    this.log.closedEngines += 1;
  }

  /** Resolves when slices of at most `together` steps have had their time, and that has been seen. */
  private async slices(input: WaveInput, kept: number, steps: number, together: number): Promise<void> {
    const { log, time, options } = this;
    const submitted = time.now;
    log.inFlight += 1;
    log.mostInFlight = Math.max(log.mostInFlight, log.inFlight);
    try {
      await this.take(async () => {
        for (let done = 0; done < steps; done += together) {
          const some = Math.min(together, steps - done);
          const milliseconds = (options.cost ?? ((trials, n) => 1 + 0.01 * trials * n))(
            kept,
            some,
            input.plan,
          );
          const index = log.slices.push({ of: input.trials.length, kept, steps: some, milliseconds }) - 1;
          await options.onSlice?.(index);
          const begins = Math.max(submitted, this.free);
          if (index > 0) log.idle += begins - this.free;
          this.free = begins + milliseconds;
        }
      });
    } finally {
      log.inFlight -= 1;
    }
  }

  /** Work takes turns; its end is seen when somebody looks. */
  private take(work: () => Promise<void>): Promise<void> {
    const seen = async () => {
      await work();
      const { poll } = this.options;
      this.time.now = Math.max(this.time.now, poll ? poll * (Math.floor(this.free / poll) + 1) : this.free);
    };
    const turn = this.queue.then(seen);
    this.queue = turn.catch(() => undefined);
    return turn;
  }
}

class FakeWave implements Wave {
  private readonly states: Float64Array[];
  private readonly losses: Float64Array[];
  private kept: readonly number[];
  /** Steps made, by slot. */
  private readonly clocks: Uint32Array;

  constructor(
    private readonly input: WaveInput,
    private readonly options: FakeOptions,
    private readonly log: FakeLog,
    private readonly slices: (kept: number, steps: number, together: number) => Promise<void>,
  ) {
    this.states = input.trials.map(() => beginningState());
    this.losses = input.trials.map(() => new Float64Array(input.plan.ring));
    this.kept = [...input.trials.keys()];
    this.clocks = new Uint32Array(input.trials.length);
  }

  async run(steps: number, together = steps): Promise<TrialStates> {
    await this.slices(this.kept.length, steps, together);
    for (const slot of this.kept) {
      for (let t = 0; t < steps; t += 1) this.record(slot, this.clocks[slot]! + t);
      this.clocks[slot]! += steps;
      if (this.clocks[slot]! > this.input.plan.steps)
        throw new Error('trained for more steps than there are');
    }
    const states = emptyStates(this.states.length);
    for (const [slot, state] of this.states.entries()) takeState(states, slot, state);
    return states;
  }

  keep(slots: ArrayLike<number>): void {
    const kept = Array.from(slots);
    if (kept.length === 0 || new Set(kept).size < kept.length || kept.some((slot) => !this.states[slot]))
      throw new Error('what is kept must be trials of the wave, each once');
    this.kept = kept;
  }

  async read(name: ReadableBuffer): Promise<Float64Array> {
    this.options.onRead?.();
    if (name === 'history') return Float64Array.from(this.losses.flatMap((history) => [...history]));
    return new Float64Array(this.states.length * this.input.plan.buffers[name]!.length);
  }

  begin(): void {
    throw new Error('no sweep begins its trials anew');
  }

  close(): void {
    this.log.openWaves -= 1;
    this.log.openTrials -= this.input.trials.length;
  }

  private record(slot: number, t: number): void {
    const { plan, trials } = this.input;
    const { settings, seed }: WaveTrial = trials[slot]!;
    const { learningRate, gain, divergence, bestConstant } = plan.settings;
    const normalized = plan.layers.some((layer) => layer.normalized);
    const relative = fakeLoss(normalized, settings[learningRate]!, settings[gain]!, seed, t);
    outcomeRecord(
      {
        loss: Float64Array.of(settings[bestConstant]! * relative),
        settings,
        history: this.losses[slot]!,
        state: this.states[slot]!,
      },
      {
        ring: plan.ring,
        divergence_at: divergence,
        best_constant_at: bestConstant,
        STOPS: plan.stops ? 1 : 0,
      },
    );
  }
}
