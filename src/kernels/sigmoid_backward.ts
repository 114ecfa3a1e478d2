import source from '../../shaders/sigmoid_backward.wgsl?raw';
import { activationBackward } from './activation';

export const sigmoidBackward = activationBackward('sigmoid', source);
