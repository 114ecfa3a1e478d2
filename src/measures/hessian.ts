import { norm } from '../reference/norms';
import type { Evaluator } from '../training/evaluator';

export interface HessianVectorProducts {
  /** H·v (trials × parameters) */
  readonly products: Float64Array;
  /** For each trial, by how much an element of its product may be off: half a step and a whole one differ by this. */
  readonly errors: Float64Array;
}

/**
 * Products of each trial's Hessian with a vector, on the full data set, from gradients to either side along it: central
 * differences at a step and at half of it, extrapolated (Richardson) to a step of 0. Four evaluations.
 *
 * The step is where truncation and rounding cost about the same, the cube root of the rounding, relative to the parameters. A
 * kink of ReLU within a step is not smoothed away, it shows in the error: in float32 there are so many that networks of ReLU want
 * the reference engine.
 *
 * @param parameters (trials × plan.parameters)
 * @param vectors likewise; of a trial whose vector is 0 the product is 0
 * @param shrink makes the step shorter: 1 leaves it
 */
export async function hessianVectorProducts(
  evaluator: Evaluator,
  parameters: Float64Array,
  vectors: Float64Array,
  shrink = 1,
): Promise<HessianVectorProducts> {
  const size = evaluator.plan.parameters;
  const trials = parameters.length / size;
  const lengthOf = (of: Float64Array, trial: number) => norm(of.subarray(trial * size, (trial + 1) * size));
  const steps = Float64Array.from({ length: trials }, (_, trial) => {
    const length = lengthOf(vectors, trial);
    return length === 0
      ? 1
      : (shrink * Math.cbrt(evaluator.roundoff) * (1 + lengthOf(parameters, trial))) / length;
  });
  const gradients = async (share: number) => {
    const moved = parameters.map((value, i) => value + share * steps[Math.floor(i / size)]! * vectors[i]!);
    return (await evaluator.at(moved)).gradients;
  };
  const difference = async (share: number) => {
    const [ahead, behind] = [await gradients(share), await gradients(-share)];
    return ahead.map((value, i) => (value - behind[i]!) / (2 * share * steps[Math.floor(i / size)]!));
  };
  const [whole, half] = [await difference(1), await difference(0.5)];
  const errors = new Float64Array(trials);
  const products = half.map((value, i) => {
    const gap = value - whole[i]!;
    const trial = Math.floor(i / size);
    errors[trial] = Math.max(errors[trial]!, Math.abs(gap)); // NaN stays
    return value + gap / 3;
  });
  return { products, errors };
}

/** Shares of the step that are tried while a kink lies within it. */
const SHORTER = [1 / 16, 1 / 256];

/**
 * The same, with shorter steps as long as the error of some trial's product is more than the cube root of the rounding, relative to its
 * largest element: a kink that lay within a step rarely lies within one that is much shorter. Of each trial the product of the least error.
 */
export async function steadyProducts(
  evaluator: Evaluator,
  parameters: Float64Array,
  vectors: Float64Array,
): Promise<HessianVectorProducts> {
  const best = await hessianVectorProducts(evaluator, parameters, vectors);
  const size = evaluator.plan.parameters;
  const isUnsteady = (error: number, trial: number) => {
    const product = best.products.subarray(trial * size, (trial + 1) * size);
    const largest = product.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return error > Math.cbrt(evaluator.roundoff) * largest;
  };
  for (const shrink of SHORTER) {
    if (!best.errors.some(isUnsteady)) break;
    const { products, errors } = await hessianVectorProducts(evaluator, parameters, vectors, shrink);
    for (const [trial, error] of errors.entries()) {
      if (!(error < best.errors[trial]!)) continue;
      best.errors[trial] = error;
      best.products.set(products.subarray(trial * size, (trial + 1) * size), trial * size);
    }
  }
  return best;
}
