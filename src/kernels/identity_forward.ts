import source from '../../shaders/identity_forward.wgsl?raw';
import { activationForward } from './activation';

export const identityForward = activationForward('identity', source);
