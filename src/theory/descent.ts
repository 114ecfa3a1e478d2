import { Lanczos } from './lanczos';
import { pass, placesOf, type Batch, type SmallNetwork } from './small_network';

/** Where gradient descent stands before an update, and what it sees there. */
export interface Moment {
  readonly parameters: Float64Array;
  readonly loss: number;
  readonly gradient: Float64Array;
  /** The cosine between this gradient and that of the step before: below 0 the step turns back. NaN for the first. */
  readonly turn: number;
}

/**
 * Plain gradient descent on a whole batch, w ← w − η·∂J/∂w, moment by moment. The last one is that whose loss is not finite or above
 * the limit.
 */
export function* descend(
  network: SmallNetwork,
  start: Float64Array,
  batch: Batch,
  rate: number,
  limit: number,
): Generator<Moment> {
  let parameters = start;
  let before: Float64Array = new Float64Array(start.length);
  for (;;) {
    const { loss, gradient } = pass(network, parameters, batch);
    yield { parameters, loss, gradient, turn: cosine(gradient, before) };
    if (!(loss <= limit)) return;
    before = gradient;
    parameters = parameters.map((value, i) => value - rate * gradient[i]!);
  }
}

/** Products after which the end of a spectrum is known to more digits than are shown. */
const MOST_PRODUCTS = 64;

/**
 * The largest eigenvalue of the Hessian of J in what is trained, from central differences of gradients: about 10 digits where J is
 * smooth; across a kink of ReLU it is what the gradient jumps by.
 */
export function largestCurvature(network: SmallNetwork, parameters: Float64Array, batch: Batch): number {
  const trained = trainedPlaces(network, parameters.length);
  const reach = Math.cbrt(Number.EPSILON) * (1 + Math.hypot(...parameters));
  const product = (vector: Float64Array) => {
    const step = reach / Math.hypot(...vector);
    const at = (share: number) =>
      pass(
        network,
        parameters.map((value, i) => value + share * step * vector[i]!),
        batch,
      ).gradient;
    const [ahead, behind] = [at(1), at(-1)];
    return ahead.map((value, i) => (value - behind[i]!) / (2 * step));
  };
  // Arbitrary directions, at right angles to no eigenvector but by accident.
  let drawn = 0;
  const draw = () => {
    drawn += 1;
    return trained.map((isTrained, i) => isTrained * Math.cos(drawn * i * i + 1));
  };
  const dimension = trained.reduce((sum, isTrained) => sum + isTrained);
  const lanczos = new Lanczos(dimension, draw);
  while (lanczos.next && lanczos.taken < MOST_PRODUCTS) lanczos.take(product(lanczos.next));
  return Math.max(...lanczos.ritz().map(({ value }) => value));
}

/** 1 for each parameter that is trained, else 0. */
function trainedPlaces(network: SmallNetwork, parameters: number): Float64Array {
  const trained = new Float64Array(parameters).fill(1);
  if (network.affine === 'frozen')
    for (const { gamma, end } of placesOf(network)) trained.fill(0, gamma, end);
  return trained;
}

function cosine(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0) / (Math.hypot(...a) * Math.hypot(...b));
}
