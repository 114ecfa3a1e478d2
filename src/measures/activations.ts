import type { Plan } from '../training/plan';
import { allocate, bind, type Buffers } from '../training/twin_calls';
import type { WaveInput } from '../training/engine';

/** Of each layer's output, as the next layer has it (layers); the last is the prediction. */
export interface ActivationStatistics {
  /** Over all units and samples. */
  readonly mean: Float64Array;
  /** Each unit's biased variance over the samples, as a mean over the units: 0 where every unit is constant. */
  readonly variance: Float64Array;
}

/** Activations along training. */
export interface ActivationHistory {
  /** The steps at which a trial was looked at, before their updates. */
  readonly steps: Float64Array;
  /** By layer, each over these steps. */
  readonly layers: readonly { readonly mean: Float64Array; readonly variance: Float64Array }[];
}

/** @param looks one a step */
export function activationHistory(
  steps: readonly number[],
  looks: readonly ActivationStatistics[],
): ActivationHistory {
  const layers = looks[0]?.mean.length ?? 0;
  return {
    steps: Float64Array.from(steps),
    layers: Array.from({ length: layers }, (_, layer) => ({
      mean: Float64Array.from(looks, ({ mean }) => mean[layer]!),
      variance: Float64Array.from(looks, ({ variance }) => variance[layer]!),
    })),
  };
}

/**
 * The activations of one trial at any parameters, on the full data set: the forward pass of its plan, by the kernels' CPU twins in
 * float64, whoever trains it.
 */
export class Activations {
  private readonly parameters: Float64Array;
  private readonly outputs: readonly Float64Array[];
  private readonly forward: readonly (() => void)[];

  /** @param input of one trial */
  constructor(private readonly input: WaveInput) {
    const { plan } = input;
    const trial = input.trials[0]!;
    const data = input.datasets[trial.dataset]!;
    const buffers: Buffers = {
      ...allocate(plan, ({ owner }) => owner === 'trial'),
      settings: trial.settings,
      x: Float64Array.from(data.x),
    };
    this.parameters = buffers['parameters']!;
    this.forward = forwardCalls(plan).map((call) => bind(call, buffers, trial.seed));
    this.outputs = plan.layers.map(({ fanOut }, layer) =>
      buffers[`a${layer}`]!.subarray(0, plan.samples * fanOut),
    );
  }

  /** @param parameters (plan.parameters), in the plan's layout */
  at(parameters: Float64Array): ActivationStatistics {
    this.parameters.set(parameters);
    for (const run of this.forward) run();
    const { layers, samples } = this.input.plan;
    const each = this.outputs.map((values, layer) => statistics(values, samples, layers[layer]!.fanOut));
    return {
      mean: Float64Array.from(each, ({ mean }) => mean),
      variance: Float64Array.from(each, ({ variance }) => variance),
    };
  }
}

/** A step begins with the forward pass over all samples, up to the loss. */
function forwardCalls({ step }: Plan): Plan['step'] {
  return step.slice(
    0,
    step.findIndex(({ kernel }) => kernel === 'loss_forward'),
  );
}

/** @param values (rows × columns) */
function statistics(values: Float64Array, rows: number, columns: number): { mean: number; variance: number } {
  let [means, variances] = [0, 0];
  for (let column = 0; column < columns; column += 1) {
    let mean = 0;
    for (let at = column; at < values.length; at += columns) mean += values[at]! / rows;
    means += mean / columns;
    for (let at = column; at < values.length; at += columns)
      variances += (values[at]! - mean) ** 2 / rows / columns;
  }
  return { mean: means, variance: variances };
}
