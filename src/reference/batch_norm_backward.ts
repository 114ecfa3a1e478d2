import { twin } from './twin';

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
