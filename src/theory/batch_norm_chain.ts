import { chainLargestRate } from './chain';

/**
 * The largest learning rate at which a chain of one-unit layers with batch normalization converges, on data whose y = t·x and
 * x has mean 0: whatever the depth and the scale of the hidden weights.
 *
 * What reaches the output is γ·x̂ with the mean of x̂² 1, so the network is a chain of the two weights γ and w (β stays 0): η* = 1/|t|.
 * With γ frozen w is alone: η* = 2. ε and the mean square of x change neither, as far as ε is small beside the variance.
 *
 * @param target t·√(mean of x²), the product γ·w that fits
 */
export function batchNormChainLargestRate(affine: 'trained' | 'frozen', target: number): number {
  return chainLargestRate({ depth: affine === 'trained' ? 2 : 1, target, meanSquare: 1 });
}
