import { philox } from '../reference/philox';
import { Breath } from '../training/breath';
import type { Evaluator } from '../training/evaluator';
import { FROZEN, type Plan } from '../training/plan';
import { Lanczos, type RitzValue } from '../theory/lanczos';
import { ExactHessian } from '../training/exact_hessian';
import { steadyProducts } from './hessian';

/** What is known of a trial's Hessian over all trained parameters, on the full data set. */
export interface Sharpness {
  /** The eigenvalue of largest magnitude, with its sign; NaN where a product is not finite. Gradient descent on it is stable below 2/value. */
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
 * The sharpness of trials at some parameters, by Lanczos iteration on their Hessians' products. The reference has them exact, trial
 * by trial; other engines have differences of gradients (`steadyProducts`), of all trials of the evaluator at once. The eigenvalue is
 * nearer than its residual by a square: a residual of 1e-4 does for about 1e-8.
 * @param parameters (trials × plan.parameters)
 * @throws EngineFaultError, EngineLostError
 */
export async function sharpness(
  evaluator: Evaluator,
  parameters: Float64Array,
  options: SharpnessOptions = {},
): Promise<Sharpness[]> {
  const { plan, input } = evaluator;
  const size = plan.parameters;
  if (evaluator.engine === 'reference') {
    const hessian = new ExactHessian(plan);
    const found: Sharpness[] = [];
    for (const [at, { dataset, settings }] of input.trials.entries()) {
      hessian.at(
        { data: input.datasets[dataset]!, settings },
        parameters.subarray(at * size, (at + 1) * size),
      );
      found.push(await exactSharpness(hessian, options));
    }
    return found;
  }
  const searches = input.trials.map(() => new Search(plan, options));
  const vectors = new Float64Array(parameters.length);
  for (;;) {
    const open = new Set(searches.filter((search) => search.next));
    if (open.size === 0) break;
    vectors.fill(0);
    for (const [at, search] of searches.entries()) if (open.has(search)) vectors.set(search.next!, at * size);
    const { products, errors } = await steadyProducts(evaluator, parameters, vectors);
    for (const [at, search] of searches.entries())
      if (open.has(search)) search.take(products.slice(at * size, (at + 1) * size), errors[at]!);
  }
  return searches.map((search) => search.found());
}

/**
 * The sharpness of a trial where its Hessian stands.
 * @param breath lets others have the thread between products
 */
export async function exactSharpness(
  hessian: ExactHessian,
  options: SharpnessOptions = {},
  breath = new Breath(),
): Promise<Sharpness> {
  const search = new Search(hessian.plan, options);
  while (search.next) {
    const product = hessian.product(search.next);
    const largest = product.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    search.take(product, ROUNDING * largest);
    if (breath.isDue) await breath.take();
  }
  return search.found();
}

/** By how much rounding changes an element of an exact product, relative to the largest: ten times what is seen beside PyTorch. */
const ROUNDING = 1e-13;

/** The search for the eigenvalues of one trial. */
class Search {
  private readonly lanczos: Lanczos;
  private readonly count: number;
  private readonly tolerance: number;
  private readonly most: number;
  private readonly dimension: number;
  /** The largest of the products', as 2-norms. */
  private error = 0;
  private isOver = false;

  constructor(plan: Plan, { count = 1, tolerance = 1e-4, most = 100 }: SharpnessOptions) {
    const places = trainedPlaces(plan);
    this.dimension = places.length;
    this.lanczos = new Lanczos(this.dimension, drawer(plan.parameters, places));
    this.count = count;
    this.tolerance = tolerance;
    this.most = most;
  }

  /** The vector of which the product is wanted; nothing once enough is known. */
  get next(): Float64Array | undefined {
    return this.isOver ? undefined : this.lanczos.next;
  }

  /** @param error of an element of the product */
  take(product: Float64Array, error: number): void {
    const { lanczos } = this;
    this.error = Math.max(this.error, error * Math.sqrt(this.dimension));
    lanczos.take(product);
    const { taken } = lanczos;
    this.isOver = taken >= this.most || (taken >= this.count && taken % CHECKED === 0 && this.isEnough());
  }

  found(): Sharpness {
    const ritz = this.lanczos.ritz();
    const [{ value, residual }] = ritz as [(typeof ritz)[number]];
    return {
      value,
      error: residual + this.error,
      eigenvalues: ritz.slice(0, this.count).map((one) => one.value),
      iterations: this.lanczos.taken,
    };
  }

  private isEnough(): boolean {
    const ritz = this.lanczos.ritz();
    const largest = ritz[0]!.value;
    const enough = this.tolerance * Math.abs(largest);
    // The other end of the spectrum may turn out to be the larger one as long as it is not known either.
    const isBeyond = ({ value, residual }: RitzValue) =>
      value * largest < 0 && residual > enough && Math.abs(value) + residual > Math.abs(largest);
    return ritz.slice(0, this.count).every(({ residual }) => residual <= enough) && !ritz.some(isBeyond);
  }
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
