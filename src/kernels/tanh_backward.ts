import source from '../../shaders/tanh_backward.wgsl?raw';
import { activationBackward } from './activation';

export const tanhBackward = activationBackward('tanh', source);
