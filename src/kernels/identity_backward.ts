import source from '../../shaders/identity_backward.wgsl?raw';
import { activationBackward } from './activation';

export const identityBackward = activationBackward('identity', source);
