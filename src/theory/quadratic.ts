/**
 * Gradient descent on a quadratic with the largest curvature λ converges for η < 2/λ only: along that direction each step
 * multiplies the distance to the minimum by 1 − ηλ. Near any minimum a smooth loss is such a quadratic.
 *
 * Source: LeCun, Kanter & Solla 1991, "Eigenvalues of covariance matrices".
 */
export function largestRateOnQuadratic(largestCurvature: number): number {
  return 2 / largestCurvature;
}
