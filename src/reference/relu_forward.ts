import { relu, activationForward } from './activation';

export const reluForward = activationForward(relu);
