import { sigmoid } from './activation';

/** The values of the constant LOSS that are not logistic. */
const MSE = 0;
const HALF_MSE = 1;

/**
 * The loss of one prediction: squared error, half of it, or log(1 + exp(−sŷ)) with s = 2y − 1.
 * A prediction that is not finite has a loss that is not finite, also where the formula's limit is: it is a diverged trial.
 */
export function lossValue(kind: number, prediction: number, target: number): number {
  const difference = prediction - target;
  if (kind === MSE) return difference ** 2;
  if (kind === HALF_MSE) return difference ** 2 / 2;
  const margin = (2 * target - 1) * prediction;
  if (!Number.isFinite(margin)) return margin * margin;
  return Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)));
}

/** d lossValue / d prediction */
export function lossDerivative(kind: number, prediction: number, target: number): number {
  if (kind === MSE) return 2 * (prediction - target);
  if (kind === HALF_MSE) return prediction - target;
  const side = 2 * target - 1;
  return -side * sigmoid(-side * prediction);
}
