import { sigmoidDerivative, activationBackward } from './activation';

export const sigmoidBackward = activationBackward(sigmoidDerivative);
