import { norm } from '../reference/norms';
import type { Evaluator } from '../training/evaluator';
import { distance } from './landscape';

/** How much the gradient of a layer's weights changes because the layers below it move (Santurkar et al. 2018, Definition 2.1). */
export interface LayerShift {
  /** ‖G‖₂ and ‖G′‖₂: of the weights' gradient before and after the layers below have made their update. */
  readonly gradient: number;
  readonly after: number;
  /** ‖G − G′‖₂ */
  readonly difference: number;
  /** Of the angle between them; NaN where one of them is 0. */
  readonly cosine: number;
}

/**
 * Internal covariate shift of each layer of each trial: [trial][layer]. An evaluation for each layer, of all trials at once.
 * @param parameters (trials × plan.parameters)
 * @param updates what an update adds to the parameters: likewise
 * @throws EngineFaultError, EngineLostError
 */
export async function covariateShift(
  evaluator: Evaluator,
  parameters: Float64Array,
  updates: Float64Array,
): Promise<LayerShift[][]> {
  const { layers, parameters: size } = evaluator.plan;
  const trials = Array.from({ length: parameters.length / size }, (_, trial) => trial);
  const before = await evaluator.at(parameters);
  const shifts = trials.map((): LayerShift[] => []);
  for (const { weights } of layers) {
    // A layer's parameters begin with its weights, and those of the layers below lie before them.
    const moved = parameters.map((value, i) => (i % size < weights.offset ? value + updates[i]! : value));
    const after = weights.offset === 0 ? before : await evaluator.at(moved);
    for (const trial of trials) {
      const first = trial * size + weights.offset;
      const [g, h] = [before, after].map(({ gradients }) =>
        gradients.subarray(first, first + weights.length),
      );
      shifts[trial]!.push(shiftOf(g!, h!));
    }
  }
  return shifts;
}

function shiftOf(before: Float64Array, after: Float64Array): LayerShift {
  const [gradient, moved] = [norm(before), norm(after)];
  const product = before.reduce((sum, value, i) => sum + value * after[i]!, 0);
  return {
    gradient,
    after: moved,
    difference: distance(before, after),
    cosine: product / (gradient * moved),
  };
}
