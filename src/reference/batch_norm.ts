import { tangent, twin } from './twin';

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

/** stats′ of each feature: mean′, 0, variance′, inverse_std′ = −½·inverse_std³·variance′; y′ = γ′·x̂ + γ·x̂′ + β′ */
export const batchNormForwardTangent = tangent(
  ['x', 'affine', 'stats', 'y'],
  ['rows', 'features'],
  (values, { x, affine, stats, y }, { rows, features }) => {
    for (let j = 0; j < features; j++) {
      const [mean, inverseStd] = [values.stats[4 * j]!, values.stats[4 * j + 3]!];
      let meanTangent = 0;
      let variance = 0;
      for (let i = j; i < rows * features; i += features) {
        meanTangent += x[i]! / rows;
        variance += (2 * (values.x[i]! - mean) * x[i]!) / rows;
      }
      const inverse = (-(inverseStd ** 3) * variance) / 2;
      stats.set([meanTangent, 0, variance, inverse], 4 * j);
      for (let i = j; i < rows * features; i += features) {
        const apart = values.x[i]! - mean;
        const standard = (x[i]! - meanTangent) * inverseStd + apart * inverse;
        y[i] = affine[j]! * apart * inverseStd + values.affine[j]! * standard + affine[features + j]!;
      }
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

/** The product rule on every line of `batchNormBackward`. */
export const batchNormBackwardTangent = tangent(
  ['x', 'stats', 'affine', 'dy', 'gradient', 'dx'],
  ['rows', 'features'],
  (values, { x, stats, affine, dy, gradient, dx }, { rows, features }) => {
    for (let j = 0; j < features; j++) {
      const [mean, inverseStd] = [values.stats[4 * j]!, values.stats[4 * j + 3]!];
      const [meanTangent, inverse] = [stats[4 * j]!, stats[4 * j + 3]!];
      const [gamma, dGamma, dBeta] = [values.affine[j]!, values.gradient[j]!, values.gradient[features + j]!];
      const standard = (i: number) => (values.x[i]! - mean) * inverseStd;
      const standardTangent = (i: number) =>
        (x[i]! - meanTangent) * inverseStd + (values.x[i]! - mean) * inverse;
      let gammaTangent = 0;
      let betaTangent = 0;
      for (let i = j; i < rows * features; i += features) {
        gammaTangent += dy[i]! * standard(i) + values.dy[i]! * standardTangent(i);
        betaTangent += dy[i]!;
      }
      gradient[j] = gammaTangent;
      gradient[features + j] = betaTangent;
      const scale = affine[j]! * inverseStd + gamma * inverse;
      for (let i = j; i < rows * features; i += features) {
        const slope = values.dy[i]! - (dBeta + standard(i) * dGamma) / rows;
        const turned = standardTangent(i) * dGamma + standard(i) * gammaTangent;
        dx[i] = scale * slope + gamma * inverseStd * (dy[i]! - (betaTangent + turned) / rows);
      }
    }
  },
);
