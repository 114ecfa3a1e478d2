import { largestRateOnQuadratic } from './quadratic';

/**
 * Goodfellow's chain ŷ = w₁·…·w_d·x (Goodfellow, Bengio & Courville 2016, §8.7.1) under ½(ŷ − y)², averaged over data with y = t·x.
 */
export interface Chain {
  /** d, the number of weights. */
  depth: number;
  /** t, the product of weights that fits the data. */
  target: number;
  /** s, the mean of x². */
  meanSquare: number;
}

/**
 * λ₁ = s·(d·p² + (d − 1)·p·(p − t)) / w², p = w^d: the curvature along (1, …, 1) where all weights are w ≠ 0.
 * It is the largest eigenvalue of the Hessian H_ii = s·p²/w², H_ij = s·p·(2p − t)/w², as long as p ≥ t/2 ≥ 0.
 */
export function chainCurvature({ depth, target, meanSquare }: Chain, weight: number): number {
  const product = weight ** depth;
  return (meanSquare * (depth * product ** 2 + (depth - 1) * product * (product - target))) / weight ** 2;
}

/**
 * η* = 2/(s·d·|t|^(2 − 2/d)): the largest learning rate at which a minimum is stable. Of all minima, p = t, the one with
 * equal |weights| is the flattest.
 */
export function chainLargestRate(chain: Chain): number {
  const positive = { ...chain, target: Math.abs(chain.target) };
  return largestRateOnQuadratic(chainCurvature(positive, positive.target ** (1 / chain.depth)));
}

/**
 * η = 2/(s·c^(2d − 2)): the learning rate from which the first step of a chain whose weights all start at a large c makes them
 * larger, w ← w·(1 − η·s·c^(2d − 2)). Leading order in c: the target is small beside c^d.
 */
export function chainDivergenceRate({ depth, meanSquare }: Omit<Chain, 'target'>, gain: number): number {
  return 2 / (meanSquare * gain ** (2 * depth - 2));
}

/**
 * −2·(layers − 1): the slope of ln(divergence edge) against ln(gain) when the gain multiplies every weight of a network that is
 * homogeneous in each layer, as linear and ReLU networks without bias are. The curvature along a layer grows as the square of
 * the product of the other layers' weights.
 */
export function divergenceSlope(layers: number): number {
  return -2 * (layers - 1);
}
