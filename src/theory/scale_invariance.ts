/**
 * Batch norm forgets the scale of the weights before it: BN((aW)u) = BN(Wu), so that ∂BN((aW)u)/∂u = ∂BN(Wu)/∂u and
 * ∂BN((aW)u)/∂(aW) = (1/a)·∂BN(Wu)/∂W (Ioffe & Szegedy 2015, arXiv 1502.03167, §3.3). What follows of it for the length of the weights:
 * van Laarhoven 2017 (arXiv 1706.05350), Arora, Li & Lyu 2018 (arXiv 1812.03981, Lemma 2.4). All of it holds as far as ε is small beside
 * the variance of (aW)u.
 */

/** What a gradient grows with: the power of a, by what it is a gradient of. */
export interface ScalePowers {
  readonly input: number;
  readonly weights: number;
}

/** Of a linear map whose weights are multiplied by a, and what follows is homogeneous: without batch norm behind it, and with. */
export const SCALE_POWERS: readonly [without: ScalePowers, normalized: ScalePowers] = [
  { input: 1, weights: 0 },
  { input: 0, weights: -1 },
];

/**
 * The share of ε in what a unit is divided by, ε/(σ² + ε): 0 where batch norm forgets the scale, near 1 where it no longer
 * divides by the unit's own deviation. The power of a that a gradient has is off by about as much.
 * @param variance σ² of the unit over the batch, biased
 */
export function epsilonShare(variance: number, epsilon: number): number {
  return epsilon === 0 ? 0 : epsilon / (variance + epsilon);
}

/**
 * w·∇_w L = γ·(∂L/∂γ)·ε/(σ² + ε): of the weights w of one unit with batch norm, exactly. With ε = 0 the gradient is orthogonal to the
 * weights. With z = w·u, s² = σ² + ε and g = ∂L/∂BN over m samples: Σz·∂L/∂z = (γ/s)·Σz(g − ḡ − x̂·Σgx̂/m), in which Σz(g − ḡ) =
 * s·Σgx̂ and Σzx̂ = m·σ²/s, so that γ·Σgx̂·(1 − σ²/s²) is left, and Σgx̂ = ∂L/∂γ.
 */
export function weightGradientProduct(
  gamma: number,
  gammaGradient: number,
  variance: number,
  epsilon: number,
): number {
  return gamma * gammaGradient * epsilonShare(variance, epsilon);
}

/** The a at which ε is as large as the variance of (aW)u: √(ε/σ²). Below it batch norm divides by √ε, a constant. */
export function breakingScale(variance: number, epsilon: number): number {
  return Math.sqrt(epsilon / variance);
}

/** ‖w₊‖² = ‖w‖² + η²·‖g‖²: after a step of gradient descent, where the gradient g is orthogonal to the weights. */
export function squaredNormAfter(norm: number, gradientNorm: number, rate: number): number {
  return norm ** 2 + (rate * gradientNorm) ** 2;
}

/**
 * η/‖w‖²: the learning rate that w has as a direction. A gradient of length c/‖w‖ turns w by η·c/‖w‖² a step, and on the sphere its
 * curvature is that at ‖w‖ = 1.
 */
export function effectiveRate(rate: number, norm: number): number {
  return rate / norm ** 2;
}
