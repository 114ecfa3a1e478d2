import { tanh, activationForward } from './activation';

export const tanhForward = activationForward(tanh);
