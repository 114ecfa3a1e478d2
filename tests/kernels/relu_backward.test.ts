import { reluBackward as kernel } from '../../src/kernels/relu_backward';
import { reluBackward as twin } from '../../src/reference/relu_backward';
import { testActivationBackward } from './activation_cases';

testActivationBackward({ kernel, twin, range: [0, 3] });
