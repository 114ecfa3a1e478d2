/**
 * Gradient descent on ½f², f = n^(−1/2)·Σ vᵢuᵢ, a linear network of two layers and n units on one sample x = 1, y = 0. With the curvature
 * λ = (|u|² + |v|²)/n, which is the whole of its Hessian where f is 0, a step makes of f and λ
 * f·(1 − ηλ + η²f²/n) and λ + (ηf²/n)·(ηλ − 4).
 *
 * So beyond ηλ = 2 the loss rises, but as long as ηλ < 4 what rises makes λ smaller, until the loss falls again.
 *
 * Source: Lewkowycz, Bahri, Dyer, Sohl-Dickstein & Gur-Ari 2020, "The large learning rate phase of deep learning: the catapult mechanism",
 * arXiv 2003.02218, §2.
 */
export type CatapultPhase = 'lazy' | 'catapult' | 'divergent';

/** What descent at a learning rate comes to, by the curvature λ₀ that it begins with: to leading order in 1/n. */
export function catapultPhase(rate: number, initialCurvature: number): CatapultPhase {
  const product = rate * initialCurvature;
  if (product < 2) return 'lazy';
  return product < 4 ? 'catapult' : 'divergent';
}

/** f and λ after a step: the two equations above, exact at every n. */
export function catapultStep(
  { output, curvature }: { readonly output: number; readonly curvature: number },
  rate: number,
  units: number,
): { output: number; curvature: number } {
  const share = output ** 2 / units;
  return {
    output: output * (1 - rate * curvature + rate ** 2 * share),
    curvature: curvature + rate * share * (rate * curvature - 4),
  };
}
