import { twin } from './twin';

/** y = γ·((x − mean) − mean_low)·inverse_std + β, affine γ[features] and then β[features] */
export const batchNormForward = twin(
  ['x', 'stats', 'affine', 'y'],
  ['rows', 'features'],
  ({ x, stats, affine, y }, { rows, features }) => {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < features; j++) {
        const standard = (x[i * features + j]! - stats[4 * j]! - stats[4 * j + 1]!) * stats[4 * j + 3]!;
        y[i * features + j] = affine[j]! * standard + affine[features + j]!;
      }
    }
  },
);
