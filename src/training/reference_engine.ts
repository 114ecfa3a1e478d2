import { beginningState, STATE } from '../reference/state';
import type { KernelCall } from '../kernels/kernel';
import { Breath } from './breath';
import type { Engine, Needs, ReadableBuffer, Wave, WaveInput } from './engine';
import { operationsOf, type Plan } from './plan';
import { emptyStates, takeState, type TrialStates } from './states';
import { allocate, bind, type Buffers } from './twin_calls';

/** Multiply-adds of a step from which one is long, some hundredths of a second: its kernels are then looked at one by one. */
const LONG = 2 ** 22;

/** Of a wave: more than that would only make its states long. */
const MOST_TRIALS = 2 ** 20;

/** The check of the others: the plan's kernels as their CPU twins, in float64, one trial after the other. */
export class ReferenceEngine implements Engine {
  readonly name = 'reference';
  readonly adapter = 'CPU, float64';
  readonly roundoff = 2 ** -53;
  private readonly turns = new Turns();

  /** Every kernel that a plan can name is registered with its twin. */
  supports(): boolean {
    return true;
  }

  needs(plan: Plan): Needs {
    const bytes = (which: (buffer: Plan['buffers'][string]) => boolean) =>
      Object.values(plan.buffers).reduce(
        (sum, buffer) => sum + (which(buffer) ? buffer.length * Float64Array.BYTES_PER_ELEMENT : 0),
        0,
      );
    return {
      trial: bytes(({ persistent, owner }) => persistent && owner !== 'plan'),
      wave: bytes(({ persistent, owner }) => !persistent || owner === 'plan'),
      initial: plan.parameters * Float32Array.BYTES_PER_ELEMENT,
      most: MOST_TRIALS,
    };
  }

  async open(input: WaveInput): Promise<Wave> {
    return new ReferenceWave(input, this.turns);
  }

  shapes(): readonly string[] {
    return [];
  }

  async emptyWait(): Promise<number> {
    return 0;
  }

  close(): void {
    // Nothing outlives a wave.
  }
}

/** One thread is one queue, as a GPU's is: slices run whole, in the order in which they were asked for. */
class Turns {
  readonly breath = new Breath();
  private last: Promise<unknown> = Promise.resolve();

  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.last.then(work);
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

class ReferenceWave implements Wave {
  /** A step in pieces, between which others may have the thread. */
  private readonly trials: {
    step: readonly (() => void)[];
    lastStep: readonly (() => void)[];
    buffers: Buffers;
  }[];
  private kept: ArrayLike<number>;

  constructor(
    private readonly input: WaveInput,
    private readonly turns: Turns,
  ) {
    const { plan } = input;
    // Scratch is shared by all trials, for they are trained one after the other.
    const isLong = operationsOf(plan) > LONG;
    const scratch = allocate(plan, (buffer) => !buffer.persistent);
    const segments = Float64Array.from(plan.segments);
    this.trials = input.trials.map((trial) => {
      const data = input.datasets[trial.dataset]!;
      const buffers: Buffers = {
        ...scratch,
        ...allocate(plan, (buffer) => buffer.persistent && buffer.owner === 'trial'),
        segments,
        settings: trial.settings,
        base: Float64Array.from(input.initials[trial.initial]!),
        x: Float64Array.from(data.x),
        y: Float64Array.from(data.y),
      };
      buffers['state']!.set(beginningState());
      for (const run of plan.start.map((call) => bind(call, buffers, trial.seed))) run();
      const stepOf = (calls: readonly KernelCall[]) => {
        const runs = calls.map((call) => bind(call, buffers, trial.seed));
        const whole = () => {
          for (const run of runs) run();
        };
        return isLong ? runs : [whole];
      };
      return { buffers, step: stepOf(plan.step), lastStep: stepOf(plan.lastStep) };
    });
    this.kept = [...this.trials.keys()];
  }

  run(steps: number): Promise<TrialStates> {
    return this.turns.take(() => this.train(steps));
  }

  private async train(steps: number): Promise<TrialStates> {
    const { turns } = this;
    for (let at = 0; at < this.kept.length; at += 1) {
      const slot = this.kept[at]!;
      const { step, lastStep, buffers } = this.trials[slot]!;
      const from = buffers['state']![STATE.clock]!;
      for (let t = from; t < from + steps; t += 1)
        for (const work of t + 1 === this.input.plan.steps ? lastStep : step) {
          work();
          if (turns.breath.isDue) await turns.breath.take();
        }
    }
    const states = emptyStates(this.trials.length);
    for (const [slot, { buffers }] of this.trials.entries()) takeState(states, slot, buffers['state']!);
    return states;
  }

  keep(slots: ArrayLike<number>): void {
    this.kept = slots;
  }

  async read(name: ReadableBuffer): Promise<Float64Array> {
    const { length } = this.input.plan.buffers[name]!;
    const all = new Float64Array(length * this.trials.length);
    for (const [slot, { buffers }] of this.trials.entries()) all.set(buffers[name]!, slot * length);
    return all;
  }

  begin(parameters: Float64Array): void {
    const { length } = this.input.plan.buffers['parameters']!;
    for (const [slot, { buffers }] of this.trials.entries()) {
      buffers['parameters']!.set(parameters.subarray(slot * length, (slot + 1) * length));
      buffers['velocity']!.fill(0);
      buffers['state']!.set(beginningState());
    }
  }

  close(): void {
    this.trials.length = 0;
  }
}
