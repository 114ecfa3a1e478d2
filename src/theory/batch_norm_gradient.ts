/** One unit of a batch norm, x̂ = (x − μ)/σ, y = γ·x̂ + β, over a batch. */
export interface NormalizedUnit {
  readonly gamma: number;
  /** √(biased variance of x + ε) */
  readonly sigma: number;
  /** x̂ (samples); its mean square is 1 up to ε. */
  readonly standard: ArrayLike<number>;
}

/**
 * ‖∂L/∂x‖² of what comes into a batch norm, by ∂L/∂y of what leaves it (samples), y = γ·x̂ + β:
 * (γ²/σ²)·(‖∂L/∂y‖² − ⟨1, ∂L/∂y⟩²/m − (2 − |x̂|²/m)·⟨x̂, ∂L/∂y⟩²/m), where |x̂|²/m is 1 but for ε. An equality; γ/σ may be
 * above 1, so that batch norm does not always make a gradient smaller.
 *
 * Source: Santurkar, Tsipras, Ilyas & Mądry 2018, arXiv 1805.11604, Theorem 4.1, whose printed 1/√m is a slip for 1/m.
 */
export function squaredGradientBefore(
  { gamma, sigma, standard }: NormalizedUnit,
  gradient: ArrayLike<number>,
): number {
  const m = gradient.length;
  const sum = (of: (i: number) => number) => {
    let total = 0;
    for (let i = 0; i < m; i += 1) total += of(i);
    return total;
  };
  const square = sum((i) => gradient[i]! ** 2);
  const mean = sum((i) => gradient[i]!) / m;
  const along = sum((i) => gradient[i]! * standard[i]!) / m;
  const meanSquare = sum((i) => standard[i]! ** 2) / m;
  return (gamma / sigma) ** 2 * (square - m * mean ** 2 - (2 - meanSquare) * m * along ** 2);
}
