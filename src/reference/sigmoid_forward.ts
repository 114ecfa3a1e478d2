import { sigmoid, activationForward } from './activation';

export const sigmoidForward = activationForward(sigmoid);
