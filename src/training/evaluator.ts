import type { TrialDocument } from '../experiment/types';
import type { Engine, EngineName, Wave, WaveInput } from './engine';
import type { Plan } from './plan';
import { planOf } from './planner';
import { WaveInputs } from './wave_input';

/** What trials are at some parameters, on the full data set. */
export interface Evaluation {
  /** (trials) */
  readonly losses: Float64Array;
  /** ∂loss/∂parameters (trials × plan.parameters), without weight decay; 0 for what is not trained (frozen γ and β). */
  readonly gradients: Float64Array;
}

/** Not 0, so that the plan has a velocity, into which the first update puts the gradient. */
const SOME_MOMENTUM = 0.5;

/**
 * The program `evaluate`: loss and gradient of trials at given parameters, on any engine. It is one training step at learning
 * rate 0, with neither momentum nor decay, on the full data set, after which the velocity is the gradient. So every engine, in
 * each of its shapes, evaluates with the same kernels with which it trains.
 */
export class Evaluator {
  /** Of the engine (`Engine.roundoff`). */
  readonly roundoff: number;
  readonly engine: EngineName;

  private constructor(
    readonly input: WaveInput,
    { roundoff, name }: Engine,
    private readonly wave: Wave,
  ) {
    this.roundoff = roundoff;
    this.engine = name;
  }

  get plan(): Plan {
    return this.input.plan;
  }

  /**
   * @param documents trials that differ in what one plan allows (`planKey`)
   * @throws EngineFaultError, EngineLostError
   */
  static async open(engine: Engine, documents: readonly TrialDocument[]): Promise<Evaluator> {
    const plan = evaluationPlan(documents[0]!);
    const input = new WaveInputs().of(
      plan,
      documents.map((document) => evaluated(document, 0)),
    );
    return new Evaluator(input, engine, await engine.open(input));
  }

  /** Those with which the trials begin, gain included: (trials × plan.parameters). */
  initial(): Promise<Float64Array> {
    return this.wave.read('parameters');
  }

  /**
   * @param parameters (trials × plan.parameters), in the plan's layout
   * @throws EngineFaultError, EngineLostError
   */
  async at(parameters: Float64Array): Promise<Evaluation> {
    this.wave.begin(parameters);
    const { lossLast } = await this.wave.run(1);
    return { losses: lossLast, gradients: await this.wave.read('velocity') };
  }

  close(): void {
    this.wave.close();
  }
}

/** The plan by which trials are evaluated whose plan is that of this document. */
export function evaluationPlan(document: TrialDocument): Plan {
  return planOf(evaluated(document, SOME_MOMENTUM));
}

/** A trial that makes one step on all samples, and moves nowhere. */
function evaluated(document: TrialDocument, momentum: number): TrialDocument {
  const { learningRateNorm: _own, ...optimizer } = document.optimizer;
  return {
    ...document,
    optimizer: { ...optimizer, learningRate: 0, momentum, weightDecay: 0, batch: 'full', steps: 1 },
    rule: { type: 'sohl-dickstein' }, // under which no trial stops
  };
}
