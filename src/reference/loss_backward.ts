import { lossDerivative } from './loss';
import { twin } from './twin';

/** gradient = ∂loss/∂prediction, of the loss of `lossForward` */
export const lossBackward = twin(
  ['prediction', 'target', 'gradient'],
  ['LOSS'],
  ({ prediction, target, gradient }, { LOSS }) => {
    for (let i = 0; i < prediction.length; i++) {
      gradient[i] = lossDerivative(LOSS, prediction[i]!, target[i]!) / prediction.length;
    }
  },
);
