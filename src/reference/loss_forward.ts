import { lossValue } from './loss';
import { twin } from './twin';

/** loss = mean of the losses of all predictions; LOSS 0 mse, 1 half of it, 2 logistic */
export const lossForward = twin(
  ['prediction', 'target', 'loss'],
  ['LOSS'],
  ({ prediction, target, loss }, { LOSS }) => {
    let sum = 0;
    for (let i = 0; i < prediction.length; i++) sum += lossValue(LOSS, prediction[i]!, target[i]!);
    loss[0] = sum / prediction.length;
  },
);
