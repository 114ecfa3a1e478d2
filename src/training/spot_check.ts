import { agreementOf } from './agreement';
import { DelegatingEngine } from './delegating_engine';
import { EngineFaultError, type Engine, type ReadableBuffer, type Wave, type WaveInput } from './engine';
import { operationsOf, type Plan } from './plan';
import { ReferenceEngine } from './reference_engine';
import type { TrialStates } from './states';

/** Steps that the reference trains too. */
const CHECKED = 10;
/** Trials of a wave that are held against the reference, one after the other, until one agrees. */
const CANDIDATES = 3;
/** Multiply-adds that the reference may make for a wave, about a second; and for one step of a plan's first wave. */
const MOST_OPERATIONS = 2 ** 28;
const MOST_OF_FIRST = 2 ** 32;
/** What is over so soon, some hundredths of a second, that it is waited for: what is measured of the wave is then its own. */
const SOON = 2 ** 23;

/** Relative change of inputs and weights by which it is seen how far rounding carries: some roundings of float32. */
const NUDGE = 2 ** -21;
/** How many times as far as such a nudge the roundings of a whole training may carry. */
const ROUNDINGS = 30;

/** An engine of which, in every wave, a trial's first steps are trained by the reference too. */
export class SpotCheckedEngine extends DelegatingEngine {
  private readonly reference = new ReferenceEngine();
  private readonly begun = new Set<string>();

  /** @throws EngineFaultError too when it runs */
  override async open(input: WaveInput): Promise<Wave> {
    const { plan } = input;
    const steps = this.stepsToCheck(plan);
    if (steps === 0) return this.engine.open(input);
    const opening = this.engine.open(input);
    opening.catch(() => undefined); // it is waited for below, perhaps later than it fails
    const check = new SpotCheck(this.reference, input, steps);
    try {
      if (steps * operationsOf(plan) <= SOON) await check.prepared; // while pipelines are made
      return new SpotCheckedWave(await opening, check);
    } catch (error) {
      check.cancel();
      throw error;
    }
  }

  private stepsToCheck(plan: Plan): number {
    const operations = operationsOf(plan);
    const isFirst = !this.begun.has(plan.key);
    this.begun.add(plan.key);
    const fitting = Math.floor(MOST_OPERATIONS / operations);
    if (fitting > 0) return Math.min(CHECKED, plan.steps, fitting);
    return isFirst && operations <= MOST_OF_FIRST ? 1 : 0;
  }
}

/** A wave that tells nothing of how its trials ended before it was held against the reference. */
class SpotCheckedWave implements Wave {
  constructor(
    private readonly wave: Wave,
    private readonly check: SpotCheck,
  ) {}

  async run(steps: number, together?: number): Promise<TrialStates> {
    const { check, wave } = this;
    // It is the end of a run that can be compared, so there is one after the last step that the reference makes.
    const some = Math.min(steps, check.stepsLeft || steps);
    const states = await wave.run(some, together);
    check.note(some, states);
    return some < steps ? wave.run(steps - some, together) : states;
  }

  keep(slots: ArrayLike<number>): void {
    this.check.kept = slots;
    this.wave.keep(slots);
  }

  async read(name: ReadableBuffer): Promise<Float64Array> {
    await this.check.passed();
    return this.wave.read(name);
  }

  /** What the reference trains begins with the parameters that the trials were given first, and says nothing of others. */
  begin(parameters: Float64Array): void {
    this.check.cancel();
    this.wave.begin(parameters);
  }

  close(): void {
    this.check.cancel();
    this.wave.close();
  }
}

/** A candidate, and the losses that the wave has told of it, by step. */
interface Candidate {
  readonly slot: number;
  readonly told: Map<number, number>;
  steps: number;
}

class SpotCheck {
  /** Slots that are being trained. */
  kept: ArrayLike<number>;
  /** Resolves when the reference has trained the first candidate. */
  readonly prepared: Promise<unknown>;
  private readonly expected: Promise<Float64Array>;
  private readonly candidates: readonly Candidate[];
  private cancelled = false;
  /** Losses that were compared. */
  private compared = 0;

  /** @param steps that the reference makes */
  constructor(
    private readonly reference: Engine,
    private readonly input: WaveInput,
    private readonly steps: number,
  ) {
    this.kept = Uint32Array.from(input.trials.keys());
    this.candidates = candidatesOf(input).map((slot) => ({
      slot,
      told: new Map<number, number>(),
      steps: 0,
    }));
    this.expected = this.train(only(input, this.candidates[0]!.slot));
    this.prepared = this.expected.catch(() => undefined); // whoever asks for the result hears of it
  }

  /** How many more steps of the trials that are being trained are to be compared. */
  get stepsLeft(): number {
    return Math.max(0, ...this.present().map(({ steps }) => this.steps - steps));
  }

  /** Takes notice of where the trials stand that have just made `steps` more. */
  note(steps: number, { recorded, lossInitial, lossLast }: TrialStates): void {
    for (const candidate of this.present()) {
      const { slot, told } = candidate;
      candidate.steps += steps;
      told.set(0, lossInitial[slot]!);
      told.set(recorded[slot]! - 1, lossLast[slot]!);
    }
  }

  /** @throws EngineFaultError where none of the candidates is what it is by the reference */
  async passed(): Promise<void> {
    const [first] = this.candidates;
    if (first!.told.size === this.compared) return;
    this.compared = first!.told.size;
    const expected = await this.expected;
    if (comparison(first!.told, expected).difference === undefined) return;
    const differences: string[] = [];
    for (const candidate of this.candidates) {
      if (candidate.told.size === 0) continue;
      const alone = only(this.input, candidate.slot);
      const wanted = candidate === first ? expected : await this.train(alone);
      const nudged = await this.train(nudgedInput(alone));
      const { difference, updates } = comparison(candidate.told, wanted, nudged);
      if (difference !== undefined) differences.push(difference);
      else if (updates > 0) return;
    }
    const [words] = differences;
    if (words !== undefined) throw new EngineFaultError(words);
  }

  cancel(): void {
    this.cancelled = true;
  }

  private present(): Candidate[] {
    return this.candidates.filter(({ slot }) => includes(this.kept, slot));
  }

  /** The losses of the first steps of a trial by the reference; fewer where it ends before. */
  private async train(input: WaveInput): Promise<Float64Array> {
    const wave = await this.reference.open(input);
    try {
      const losses: number[] = [];
      for (let step = 0; step < this.steps && !this.cancelled; step += 1) {
        const { recorded, lossLast } = await wave.run(1);
        if (recorded[0]! > losses.length) losses.push(lossLast[0]!);
      }
      return Float64Array.from(losses);
    } finally {
      wave.close();
    }
  }
}

interface Comparison {
  /** Where they differ, in words. */
  readonly difference?: string;
  /** Losses that agree and in which updates had a part. */
  readonly updates: number;
}

/** Holds the losses of a trial against those of the reference, as far as rounding does not decide them. */
function comparison(
  told: ReadonlyMap<number, number>,
  expected: Float64Array,
  nudged = expected,
): Comparison {
  let updates = 0;
  for (const step of [...told.keys()].sort((a, b) => a - b)) {
    const [found, wanted] = [told.get(step)!, expected[step]];
    if (wanted === undefined || step >= nudged.length) break; // the reference has seen the trial end before
    const away = Math.abs(nudged[step]! - wanted);
    const spread = Number.isNaN(away) ? Infinity : ROUNDINGS * away;
    const agreement = agreementOf(found, wanted, expected[0]!, spread);
    if (agreement === 'no')
      return {
        difference: `the loss of a trial at step ${step} is ${found}, and ${wanted} by the reference`,
        updates,
      };
    if (agreement !== 'yes') break;
    if (step > 0) updates += 1;
  }
  return { updates };
}

/** Trials by their learning rates, since the lowest ones tell most: the lowest, the middle, the highest. */
function candidatesOf({ plan, trials }: WaveInput): number[] {
  const rate = (slot: number) => Math.abs(trials[slot]!.settings[plan.settings.learningRate]!);
  const sorted = [...trials.keys()].sort((a, b) => rate(a) - rate(b));
  const wanted = [0, sorted.length >> 1, sorted.length - 1].slice(0, CANDIDATES);
  return [...new Set(wanted.map((at) => sorted[at]!))];
}

/** A wave of one trial. */
function only({ plan, datasets, initials, trials }: WaveInput, slot: number): WaveInput {
  const trial = trials[slot]!;
  return {
    plan,
    datasets: [datasets[trial.dataset]!],
    initials: [initials[trial.initial]!],
    trials: [{ ...trial, dataset: 0, initial: 0 }],
  };
}

/** The same with every input and parameter changed a little, this way and that. */
function nudgedInput(input: WaveInput): WaveInput {
  const nudged = (values: Float32Array) =>
    values.map((value, i) => value * (1 + NUDGE * Math.sin(1 + 2.7 * i + 0.13 * i * i)));
  return {
    ...input,
    datasets: input.datasets.map((data) => ({ ...data, x: nudged(data.x) })),
    initials: input.initials.map(nudged),
  };
}

function includes(slots: ArrayLike<number>, slot: number): boolean {
  for (let at = 0; at < slots.length; at += 1) if (slots[at] === slot) return true;
  return false;
}
