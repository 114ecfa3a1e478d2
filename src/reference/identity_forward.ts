import { identity, activationForward } from './activation';

export const identityForward = activationForward(identity);
