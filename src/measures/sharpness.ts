import { philox } from '../reference/philox';
import type { Evaluator } from '../training/evaluator';
import { FROZEN, type Plan } from '../training/plan';
import { steadyProducts } from './hessian';
import { Lanczos } from '../theory/lanczos';

/** What is known of a trial's Hessian over all trained parameters, on the full data set. */
export interface Sharpness {
  /** The eigenvalue of largest magnitude, with its sign; NaN where the gradients are not finite. Gradient descent on it is stable below 2/value. */
  readonly value: number;
  /** How near an eigenvalue of the Hessian is for sure, ‖·‖₂ of what its Ritz vector lacks and of the products' error together. */
  readonly error: number;
  /** The eigenvalues of largest magnitude, as many as were asked for. */
  readonly eigenvalues: readonly number[];
  /** Hessian-vector products. */
  readonly iterations: number;
}

export interface SharpnessOptions {
  /** Eigenvalues that are wanted, of those of largest magnitude. */
  readonly count?: number;
  /** A residual that is small enough, relative to the largest eigenvalue. */
  readonly tolerance?: number;
  /** Products at the most. */
  readonly most?: number;
}

/**
 * The sharpness of trials at some parameters, by Lanczos iteration on their Hessians' products (`steadyProducts`), for all trials
 * of the evaluator at once. The eigenvalue is nearer than its residual by a square: a residual of 1e-4 does for about 1e-8.
 * @param parameters (trials × plan.parameters)
 * @throws EngineFaultError, EngineLostError
 */
export async function sharpness(
  evaluator: Evaluator,
  parameters: Float64Array,
  { count = 1, tolerance = 1e-4, most = 100 }: SharpnessOptions = {},
): Promise<Sharpness[]> {
  const { plan } = evaluator;
  const size = plan.parameters;
  const places = trainedPlaces(plan);
  const trials = Array.from({ length: parameters.length / size }, () => ({
    lanczos: new Lanczos(places.length, drawer(size, places)),
    error: 0,
  }));
  const isDone = ({ lanczos }: (typeof trials)[number], done: number) => {
    if (!lanczos.next || done >= most) return true;
    if (done < count || done % CHECKED !== 0) return false;
    const ritz = lanczos.ritz();
    const enough = tolerance * Math.abs(ritz[0]!.value);
    return ritz.slice(0, count).every(({ residual }) => residual <= enough);
  };
  const open = new Set(trials);
  const vectors = new Float64Array(parameters.length);
  for (let done = 0; open.size > 0; done += 1) {
    for (const trial of open) if (isDone(trial, done)) open.delete(trial);
    if (open.size === 0) break;
    vectors.fill(0);
    for (const [at, trial] of trials.entries())
      if (open.has(trial)) vectors.set(trial.lanczos.next!, at * size);
    const { products, errors } = await steadyProducts(evaluator, parameters, vectors);
    for (const [at, trial] of trials.entries()) {
      if (!open.has(trial)) continue;
      trial.error = Math.max(trial.error, errors[at]! * Math.sqrt(places.length));
      trial.lanczos.take(products.slice(at * size, (at + 1) * size));
    }
  }
  return trials.map(({ lanczos, error }) => {
    const ritz = lanczos.ritz();
    const [{ value, residual }] = ritz as [(typeof ritz)[number]];
    return {
      value,
      error: residual + error,
      eigenvalues: ritz.slice(0, count).map((one) => one.value),
      iterations: lanczos.taken,
    };
  });
}

/** Products after which it is looked whether they are enough. */
const CHECKED = 4;

/** Which elements of the plan's vector are trained; the Hessian is over these. */
export function trainedPlaces({ segments, parameters }: Plan): number[] {
  return Array.from({ length: parameters }, (_, p) => p).filter((p) => !(segments[2 * p]! & FROZEN));
}

/** Draws vectors of uniform numbers around 0 for what is trained, the same ones for every trial and on every machine. */
function drawer(size: number, places: readonly number[]): () => Float64Array {
  let drawn = 0;
  return () => {
    const vector = new Float64Array(size);
    for (const p of places) vector[p] = philox([0, 0], [p, drawn, 0, 0])[0]! / 2 ** 31 - 1;
    drawn += 1;
    return vector;
  };
}
