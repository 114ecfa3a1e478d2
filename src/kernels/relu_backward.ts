import source from '../../shaders/relu_backward.wgsl?raw';
import { activationBackward } from './activation';

export const reluBackward = activationBackward('relu', source);
