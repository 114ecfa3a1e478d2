import type { DataSet } from '../experiment/types';
import type { Plan } from './plan';
import type { TrialStates } from './states';

export type EngineName = 'reference' | 'layered' | 'fused';

/** A way to run a plan for many trials at once. Trials never see each other: what one computes depends on no other. */
export interface Engine {
  readonly name: EngineName;
  /** The adapter's label, for people; a software adapter is named as one. */
  readonly adapter: string;
  /** Half the step of its numbers at 1: by how much rounding changes one, relatively. */
  readonly roundoff: number;
  /** Whether it can train this plan. */
  supports(plan: Plan): boolean;
  needs(plan: Plan): Needs;
  open(input: WaveInput): Promise<Wave>;
  /**
   * The shapes among which it has the choice for this plan, by name: first the one in which it trains it, then those that may be worth
   * measuring; none where there is one way only.
   */
  shapes(plan: Plan): readonly string[];
  /** Milliseconds that pass before it is known that there is nothing more to do: a tenth of a second in some browsers. */
  emptyWait(): Promise<number>;
  close(): void;
}

/** What waves of a plan take on the engine's device, in bytes; data sets come with it. */
export interface Needs {
  readonly trial: number;
  /** Whatever the number of its trials. */
  readonly wave: number;
  /** Of each vector of initial parameters. */
  readonly initial: number;
  /** Trials of a wave at the most, by the device's limits; 0 where not even one fits into its buffers. */
  readonly most: number;
}

/** The most trials of one wave in `bytes`, at least 1. */
export function capacityOf({ trial, wave, initial, most }: Needs, bytes: number): number {
  return Math.max(1, Math.min(most, Math.floor((bytes - wave - initial) / trial)));
}

/**
 * Buffers of a plan that can be read:
 * - history: the latest `plan.ring` losses, loss t at t mod ring;
 * - norms, when tracing: (ring × layers × 2), ‖∇W‖₂ and ‖W‖₂ of each layer at each step;
 * - parameters; and velocity, where `plan.momentum`.
 */
export type ReadableBuffer = 'history' | 'norms' | 'parameters' | 'velocity';

/** Trials that sit in memory together, at the same step. */
export interface Wave {
  /**
   * Trains every kept trial `steps` steps further, and tells where all trials stand then.
   * @param together of how many steps a submission to the device may be; all of them unless told
   * @throws EngineFaultError, EngineLostError
   */
  run(steps: number, together?: number): Promise<TrialStates>;
  /** From now on only these slots are trained, until others are named. */
  keep(slots: ArrayLike<number>): void;
  /**
   * What the plan's buffer of a name holds as the trials stand: (trials × its length).
   * @throws EngineFaultError, EngineLostError
   */
  read(name: ReadableBuffer): Promise<Float64Array>;
  /** All trials begin anew, at step 0, with these parameters (trials × plan.parameters, in its layout) and no velocity. */
  begin(parameters: Float64Array): void;
  close(): void;
}

export interface WaveInput {
  readonly plan: Plan;
  readonly datasets: readonly DataSet[];
  /** Initial parameter vectors in the plan's layout, before gain. */
  readonly initials: readonly Float32Array[];
  /** For each trial: its indices into the two lists above, its seed, and its row of settings (plan.settings). */
  readonly trials: readonly WaveTrial[];
}

export interface WaveTrial {
  readonly dataset: number;
  readonly initial: number;
  readonly seed: number;
  readonly settings: Float64Array;
}

/** What an engine computed is wrong, as the trials themselves show; the same trials are to be trained again in another way. */
export class EngineFaultError extends Error {
  override readonly name = 'EngineFaultError';
  /** Of the longest dispatch, where the trials have not come as far as they were asked to; shorter ones may do. */
  readonly steps: number | undefined;
  /** The device had no memory for what was asked of it; less may do. */
  readonly outOfMemory: boolean;

  constructor(
    message: string,
    { steps, outOfMemory = false }: { steps?: number; outOfMemory?: boolean } = {},
  ) {
    super(message);
    this.steps = steps;
    this.outOfMemory = outOfMemory;
  }

  /** Steps of a dispatch that may do instead. */
  get fewerSteps(): number | undefined {
    return this.steps !== undefined && this.steps > 1
      ? Math.max(1, Math.floor(this.steps / SHORTER))
      : undefined;
  }
}

/** By how much shorter dispatches are after one was cut. */
const SHORTER = 4;

/** The device is gone; a new engine can train the same trials again. */
export class EngineLostError extends Error {
  override readonly name = 'EngineLostError';
}
