import { reluDerivative, activationBackward } from './activation';

export const reluBackward = activationBackward(reluDerivative);
