import source from '../../shaders/relu_forward.wgsl?raw';
import { activationForward } from './activation';

export const reluForward = activationForward('relu', source);
