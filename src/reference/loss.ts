import { sigmoid } from './activation';
import { tangent, twin } from './twin';

/** The loss of one prediction ŷ, and its first and second derivative by ŷ. */
export interface LossFunction {
  readonly value: (prediction: number, target: number) => number;
  readonly derivative: (prediction: number, target: number) => number;
  readonly curvature: (prediction: number, target: number) => number;
}

/**
 * log(1 + exp(−sŷ)) with s = 2y − 1. A prediction that is not finite has a loss that is not finite, also where the formula's
 * limit is: it is a diverged trial.
 */
function logistic(prediction: number, target: number): number {
  const margin = (2 * target - 1) * prediction;
  if (!Number.isFinite(margin)) return margin * margin;
  return Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)));
}

function logisticDerivative(prediction: number, target: number): number {
  const side = 2 * target - 1;
  return -side * sigmoid(-side * prediction);
}

/** Every loss by the document's value; its place is the kernels' constant LOSS. */
export const LOSSES = {
  mse: {
    value: (prediction, target) => (prediction - target) ** 2,
    derivative: (prediction, target) => 2 * (prediction - target),
    curvature: () => 2,
  },
  'half-mse': {
    value: (prediction, target) => (prediction - target) ** 2 / 2,
    derivative: (prediction, target) => prediction - target,
    curvature: () => 1,
  },
  logistic: {
    value: logistic,
    derivative: logisticDerivative,
    curvature: (prediction) => sigmoid(prediction) * sigmoid(-prediction), // (2y − 1)² = 1
  },
} as const satisfies Readonly<Record<string, LossFunction>>;

export type LossName = keyof typeof LOSSES;

function lossNumbered(index: number): LossFunction {
  return Object.values(LOSSES)[index]!;
}

/** loss = mean of the losses of all predictions */
export const lossForward = twin(
  ['prediction', 'target', 'loss'],
  ['LOSS'],
  ({ prediction, target, loss }, { LOSS }) => {
    const { value } = lossNumbered(LOSS);
    let sum = 0;
    for (let i = 0; i < prediction.length; i++) sum += value(prediction[i]!, target[i]!);
    loss[0] = sum / prediction.length;
  },
);

/** gradient = ∂loss/∂prediction, of the loss of `lossForward` */
export const lossBackward = twin(
  ['prediction', 'target', 'gradient'],
  ['LOSS'],
  ({ prediction, target, gradient }, { LOSS }) => {
    const { derivative } = lossNumbered(LOSS);
    for (let i = 0; i < prediction.length; i++)
      gradient[i] = derivative(prediction[i]!, target[i]!) / prediction.length;
  },
);

/** loss′ = Σ ∂loss/∂prediction · prediction′ */
export const lossForwardTangent = tangent(
  ['prediction', 'target', 'loss'],
  ['LOSS'],
  (values, { prediction, loss }, { LOSS }) => {
    const { derivative } = lossNumbered(LOSS);
    let sum = 0;
    for (let i = 0; i < prediction.length; i++)
      sum += derivative(values.prediction[i]!, values.target[i]!) * prediction[i]!;
    loss[0] = sum / prediction.length;
  },
);

export const lossBackwardTangent = tangent(
  ['prediction', 'target', 'gradient'],
  ['LOSS'],
  (values, { prediction, gradient }, { LOSS }) => {
    const { curvature } = lossNumbered(LOSS);
    for (let i = 0; i < prediction.length; i++)
      gradient[i] =
        (curvature(values.prediction[i]!, values.target[i]!) * prediction[i]!) / prediction.length;
  },
);
