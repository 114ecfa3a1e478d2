import { norm } from '../reference/norms';
import type { Plan } from '../training/plan';

/**
 * ‖·‖₂ of the weights of each layer (trials × layers), of vectors in the plan's layout: parameters, or gradients.
 * @param vectors (trials × plan.parameters)
 */
export function layerNorms({ layers, parameters }: Plan, vectors: Float64Array): Float64Array {
  const norms = new Float64Array((vectors.length / parameters) * layers.length);
  for (let at = 0; at < norms.length; at += 1) {
    const trial = Math.floor(at / layers.length);
    const { offset, length } = layers[at % layers.length]!.weights;
    const first = trial * parameters + offset;
    norms[at] = norm(vectors.subarray(first, first + length));
  }
  return norms;
}

/** The same over all layers' weights (trials): the norm of a trace, and of the document's measures. */
export function weightNorms(plan: Plan, vectors: Float64Array): Float64Array {
  const layers = plan.layers.length;
  const norms = layerNorms(plan, vectors);
  return Float64Array.from({ length: norms.length / layers }, (_, trial) =>
    norm(norms.subarray(trial * layers, (trial + 1) * layers)),
  );
}
