import type { TrialDocument } from '../experiment/types';
import { norm } from '../reference/norms';
import type { Engine, Wave } from '../training/engine';
import { Evaluator } from '../training/evaluator';
import { isDecided } from '../training/outcome';
import { operationsOf, planKey } from '../training/plan';
import { planOf } from '../training/planner';
import { WaveInputs } from '../training/wave_input';
import { covariateShift, type LayerShift } from './covariate_shift';
import { landscapes, type Landscape } from './landscape';
import { sharpness, type Sharpness } from './sharpness';

/** What can be measured where training stands. */
export const PROBES = ['landscape', 'shift', 'sharpness'] as const;
export type Probe = (typeof PROBES)[number];

/** Trials that are trained and probed on the way. */
export interface AlongTraining {
  /** Of any plans: those of one plan are trained and probed together. */
  readonly trials: readonly TrialDocument[];
  /** The steps at which they are probed, before their updates: ascending, each below every trial's steps. */
  readonly looks: readonly number[];
  readonly probes: readonly Probe[];
  /** The landscape's step lengths, as multiples of a trial's learning rate: from, to, and how many, evenly on a log scale. */
  readonly reach: readonly [from: number, to: number];
  readonly points: number;
}

/** The least and the most of something along the gradient. */
export type Band = readonly [least: number, most: number];

/** What was found of a trial at a step, as far as it was asked for. */
export interface Look {
  readonly trial: number;
  readonly step: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly landscape?: {
    /** L(θ − s·g) over the step lengths. */
    readonly loss: Band;
    /** ‖∇L(θ − s·g) − g‖₂ */
    readonly predictiveness: Band;
    /** The most of that over s·‖g‖₂; NaN where no step length is resolved. */
    readonly beta: number;
  };
  /** By layer: of the update that training makes next. */
  readonly shift?: readonly LayerShift[];
  readonly sharpness?: Pick<Sharpness, 'value' | 'error'>;
}

/** What is told on the way. */
export interface AlongPart {
  readonly looks: readonly Look[];
  /** Trials that diverged on the way to this look; nothing is measured of them from there on. */
  readonly diverged: readonly Diverged[];
}

export interface Diverged {
  readonly trial: number;
  readonly step: number;
}

/**
 * Trains trials and measures where they stand at some of their steps: the landscape along the gradient, how far each layer's gradient
 * changes because the layers below it move, and sharpness. The data set is the full one, whatever a trial's batch.
 *
 * Training is the engine's own, as a sweep's. What is measured has the engine's rounding; a step length of the landscape counts only where
 * rounding cannot hide it (`isResolved`), and of sharpness the error is told.
 *
 * @param tell what was found, for all trials of a plan at once
 * @param isWanted asked on the way; what is not wanted any more ends where it stands
 * @throws EngineFaultError, EngineLostError
 */
export async function alongTraining(
  engine: Engine,
  request: AlongTraining,
  tell: (part: AlongPart) => void,
  isWanted: () => boolean,
): Promise<void> {
  const walks: Walk[] = [];
  try {
    for (const trials of byPlan(request.trials)) walks.push(await Walk.open(engine, request, trials));
    for (const step of request.looks)
      for (const walk of walks) {
        if (!isWanted()) return;
        const part = await walk.to(step, isWanted);
        if (part.looks.length + part.diverged.length > 0) tell(part);
      }
  } finally {
    for (const walk of walks) walk.close();
  }
}

/** The trials of one plan, on their way. */
class Walk {
  private done = 0;
  /** Those that have not diverged, by their place in the wave. */
  private going: readonly number[];

  private constructor(
    private readonly request: AlongTraining,
    /** By place in the wave: indices into the request's trials. */
    private readonly trials: readonly number[],
    private readonly wave: Wave,
    private readonly evaluator: Evaluator,
  ) {
    this.going = [...trials.keys()];
  }

  static async open(engine: Engine, request: AlongTraining, trials: readonly number[]): Promise<Walk> {
    const documents = trials.map((trial) => request.trials[trial]!);
    const plan = planOf(documents[0]!);
    const wave = await engine.open(new WaveInputs().of(plan, documents));
    try {
      return new Walk(request, trials, wave, await Evaluator.open(engine, documents));
    } catch (error) {
      wave.close();
      throw error;
    }
  }

  close(): void {
    this.wave.close();
    this.evaluator.close();
  }

  /** Trains on to a step, and probes what has not diverged by then. */
  async to(step: number, isWanted: () => boolean): Promise<AlongPart> {
    const diverged = await this.train(step - this.done);
    const { evaluator, going, request, trials, wave } = this;
    if (going.length === 0 || !isWanted()) return { looks: [], diverged };
    const parameters = this.withoutDiverged(await wave.read('parameters'));
    const has = (probe: Probe) => request.probes.includes(probe);
    const lengths = trials.map((trial) =>
      has('landscape') ? stepLengths(request, request.trials[trial]!) : new Float64Array(),
    );
    const found = await landscapes(evaluator, parameters, lengths);
    const sharp = has('sharpness') ? await sharpness(evaluator, parameters) : undefined;
    const shifts = has('shift') ? await this.shifts(parameters, diverged) : undefined;
    const size = evaluator.plan.parameters;
    const looks = going.map((slot): Look => {
      const { loss, gradientNorm } = found[slot]!;
      const here = parameters.subarray(slot * size, (slot + 1) * size);
      return {
        trial: trials[slot]!,
        step,
        loss,
        gradientNorm,
        ...(has('landscape') && {
          landscape: bandsOf(found[slot]!, lengths[slot]!, norm(here), evaluator.roundoff),
        }),
        ...(shifts && { shift: shifts[slot]! }),
        ...(sharp && { sharpness: { value: sharp[slot]!.value, error: sharp[slot]!.error } }),
      };
    });
    return { looks, diverged };
  }

  /** By the update that training makes next, which is made. */
  private async shifts(parameters: Float64Array, diverged: Diverged[]): Promise<LayerShift[][]> {
    diverged.push(...(await this.train(1)));
    const after = await this.wave.read('parameters');
    return covariateShift(
      this.evaluator,
      parameters,
      after.map((value, i) => value - parameters[i]!),
    );
  }

  /** Trains the trials that have not diverged, and tells which of them do. */
  private async train(steps: number): Promise<Diverged[]> {
    if (steps === 0 || this.going.length === 0) return [];
    const states = await this.wave.run(steps);
    this.done += steps;
    const { request, trials } = this;
    const isOver = (slot: number) => isDecided(request.trials[trials[slot]!]!.rule, states, slot);
    const over = this.going.filter(isOver);
    if (over.length === 0) return [];
    this.going = this.going.filter((slot) => !isOver(slot));
    this.wave.keep(this.going);
    return over.map((slot) => ({ trial: trials[slot]!, step: states.divergedAt[slot]! }));
  }

  /** What has diverged is not a number, so that nothing is iterated for it. */
  private withoutDiverged(parameters: Float64Array): Float64Array {
    const size = this.evaluator.plan.parameters;
    const going = new Set(this.going);
    return parameters.map((value, i) => (going.has(Math.floor(i / size)) ? value : Number.NaN));
  }
}

/** Indices of trials, those of one plan together. */
function byPlan(trials: readonly TrialDocument[]): number[][] {
  const plans = new Map<string, number[]>();
  for (const [trial, document] of trials.entries()) {
    const key = planKey(document);
    plans.set(key, [...(plans.get(key) ?? []), trial]);
  }
  return [...plans.values()];
}

/** The learning rate of a trial; of one for each layer, the largest. */
export function rateOf({ optimizer: { learningRate } }: TrialDocument): number {
  return typeof learningRate === 'number' ? learningRate : Math.max(...learningRate);
}

/** Along the gradient, from the learning rate. */
export function stepLengths(
  { reach: [from, to], points }: Pick<AlongTraining, 'reach' | 'points'>,
  trial: TrialDocument,
): Float64Array {
  const rate = rateOf(trial);
  return Float64Array.from(
    { length: points },
    (_, i) => rate * from * (to / from) ** (points === 1 ? 0 : i / (points - 1)),
  );
}

/** Evaluations that sharpness takes in float64, about: some dozen exact products, each the price of two or three. */
const SHARPNESS_EVALUATIONS = 100;

/** Multiply-adds of it all, about. */
export function operationsAlong({ trials, looks, probes, points }: AlongTraining): number {
  const steps = looks.at(-1) ?? 0;
  return byPlan(trials).reduce((sum, group) => {
    const plan = planOf(trials[group[0]!]!);
    const costs: Readonly<Record<Probe, number>> = {
      landscape: points + 1,
      shift: plan.layers.length,
      sharpness: SHARPNESS_EVALUATIONS,
    };
    const look = probes.reduce((evaluations, probe) => evaluations + costs[probe], 1);
    return sum + group.length * operationsOf(plan) * (steps + looks.length * look);
  }, 0);
}

/**
 * How many times what rounding does to the parameters a step must be. What float32 finds is then within 0.1 % of float64 (the tab's two
 * networks, η from 1e-5 to 1e-2, steps 0 and 15).
 */
const RESOLVED = 100;

/** Whether a step is more than what rounding makes of it: float32 hides those of small rates where little is left to learn. */
export function isResolved(step: number, parametersNorm: number, roundoff: number): boolean {
  return step >= RESOLVED * roundoff * parametersNorm;
}

function bandsOf(
  { losses, predictiveness, smoothness, gradientNorm }: Landscape,
  lengths: Float64Array,
  parametersNorm: number,
  roundoff: number,
): NonNullable<Look['landscape']> {
  const resolved = smoothness.filter((_, i) =>
    isResolved(lengths[i]! * gradientNorm, parametersNorm, roundoff),
  );
  return {
    loss: bandOf(losses),
    predictiveness: bandOf(predictiveness),
    beta: resolved.length === 0 ? Number.NaN : Math.max(...resolved),
  };
}

const bandOf = (values: Float64Array): Band => [Math.min(...values), Math.max(...values)];
