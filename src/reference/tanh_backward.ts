import { tanhDerivative, activationBackward } from './activation';

export const tanhBackward = activationBackward(tanhDerivative);
