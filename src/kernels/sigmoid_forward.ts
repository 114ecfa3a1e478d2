import source from '../../shaders/sigmoid_forward.wgsl?raw';
import { activationForward } from './activation';

export const sigmoidForward = activationForward('sigmoid', source);
