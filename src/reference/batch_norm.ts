import { twin } from './twin';

/**
 * stats (features × 4): mean, 0 (float64 needs no second half of it), biased variance, inverse_std = 1/√(variance + epsilon);
 * y = γ·(x − mean)·inverse_std + β, affine γ[features] and then β[features]
 */
export const batchNormForward = twin(
  ['x', 'epsilon', 'affine', 'stats', 'y'],
  ['rows', 'features'],
  ({ x, epsilon, affine, stats, y }, { rows, features }) => {
    for (let j = 0; j < features; j++) {
      // About the first one, so that of a constant column nothing is left but its constant.
      let shift = 0;
      for (let i = 0; i < rows; i++) shift += (x[i * features + j]! - x[j]!) / rows;
      const mean = x[j]! + shift;
      let variance = 0;
      for (let i = 0; i < rows; i++) variance += (x[i * features + j]! - mean) ** 2 / rows;
      const inverseStd = 1 / Math.sqrt(variance + epsilon[0]!);
      stats.set([mean, 0, variance, inverseStd], 4 * j);
      for (let i = j; i < rows * features; i += features)
        y[i] = affine[j]! * (x[i]! - mean) * inverseStd + affine[features + j]!;
    }
  },
);

/** gradient = dγ = Σdy·x̂ and then dβ = Σdy; dx = γ·inverse_std·(dy − dβ/rows − x̂·dγ/rows) */
export const batchNormBackward = twin(
  ['x', 'stats', 'affine', 'dy', 'gradient', 'dx'],
  ['rows', 'features'],
  ({ x, stats, affine, dy, gradient, dx }, { rows, features }) => {
    for (let j = 0; j < features; j++) {
      const [mean, meanLow, inverseStd] = [stats[4 * j]!, stats[4 * j + 1]!, stats[4 * j + 3]!];
      const standard = (i: number) => (x[i * features + j]! - mean - meanLow) * inverseStd;
      let dGamma = 0;
      let dBeta = 0;
      for (let i = 0; i < rows; i++) {
        dGamma += dy[i * features + j]! * standard(i);
        dBeta += dy[i * features + j]!;
      }
      gradient[j] = dGamma;
      gradient[features + j] = dBeta;
      for (let i = 0; i < rows; i++) {
        const slope = dy[i * features + j]! - dBeta / rows - (standard(i) * dGamma) / rows;
        dx[i * features + j] = affine[j]! * inverseStd * slope;
      }
    }
  },
);
