import { tanhBackward as kernel } from '../../src/kernels/tanh_backward';
import { tanhBackward as twin } from '../../src/reference/tanh_backward';
import { testActivationBackward } from './activation_cases';

testActivationBackward({ kernel, twin, range: [-1, 1] });
