import source from '../../shaders/tanh_forward.wgsl?raw';
import { activationForward } from './activation';

export const tanhForward = activationForward('tanh', source);
