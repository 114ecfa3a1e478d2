import { twin } from './twin';

/** stats (features × 4): mean, 0 (float64 needs no second half of it), biased variance, 1/√(variance + epsilon) */
export const batchNormStats = twin(
  ['x', 'epsilon', 'stats'],
  ['rows', 'features'],
  ({ x, epsilon, stats }, { rows, features }) => {
    for (let j = 0; j < features; j++) {
      let mean = 0;
      for (let i = 0; i < rows; i++) mean += x[i * features + j]! / rows;
      let variance = 0;
      for (let i = 0; i < rows; i++) variance += (x[i * features + j]! - mean) ** 2 / rows;
      stats.set([mean, 0, variance, 1 / Math.sqrt(variance + epsilon[0]!)], 4 * j);
    }
  },
);
