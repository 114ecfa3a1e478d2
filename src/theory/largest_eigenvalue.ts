/** Steps of Lanczos after which the end of a spectrum is known to more digits than are shown. */
const MOST_STEPS = 64;

/**
 * The largest eigenvalue of a symmetric operator, by Lanczos with full reorthogonalization (Golub & Van Loan, Matrix Computations,
 * §10.1): exact, up to rounding, for no more than 64 dimensions.
 *
 * @param product H·v
 * @param start any vector that is not 0; those that H moves must not all be at right angles to it
 */
export function largestEigenvalue(
  product: (vector: Float64Array) => Float64Array,
  start: Float64Array,
): number {
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const beside: number[] = [];
  let next = scaled(start, 1 / length(start));
  for (let step = 0; step < Math.min(start.length, MOST_STEPS); step += 1) {
    basis.push(next);
    const image = product(next);
    diagonal.push(dot(image, next));
    // Twice, as what rounding has left after once is not small beside a vector that nearly vanishes.
    const rest = [...basis, ...basis].reduce((left, v) => plus(left, v, -dot(left, v)), image);
    const left = length(rest);
    if (!(left > 1e-12 * length(image))) break;
    beside.push(left);
    next = scaled(rest, 1 / left);
  }
  return largestOfTridiagonal(diagonal, beside);
}

/** By bisection: as many eigenvalues lie above λ as T − λI has positive pivots (Sylvester's law of inertia). */
function largestOfTridiagonal(diagonal: readonly number[], beside: readonly number[]): number {
  const reach = diagonal.map(
    (value, i) => [value, Math.abs(beside[i - 1] ?? 0) + Math.abs(beside[i] ?? 0)] as const,
  );
  let low = Math.min(...reach.map(([value, radius]) => value - radius));
  let high = Math.max(...reach.map(([value, radius]) => value + radius)); // Gershgorin's discs
  if (!Number.isFinite(high - low)) return Number.NaN;
  const liesBelow = (value: number) => {
    let pivot = 1;
    for (const [i, entry] of diagonal.entries()) {
      pivot = entry - value - (i === 0 ? 0 : beside[i - 1]! ** 2 / pivot);
      if (pivot > 0) return false;
      if (pivot === 0) pivot = -Number.MIN_VALUE;
    }
    return true;
  };
  for (let halving = 0; halving < 100; halving += 1) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (liesBelow(middle)) high = middle;
    else low = middle;
  }
  return high;
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const length = (v: Float64Array) => Math.sqrt(dot(v, v));
const scaled = (v: Float64Array, by: number) => v.map((value) => by * value);
const plus = (a: Float64Array, b: Float64Array, by: number) => a.map((value, i) => value + by * b[i]!);
