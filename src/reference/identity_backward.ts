import { identityDerivative, activationBackward } from './activation';

export const identityBackward = activationBackward(identityDerivative);
