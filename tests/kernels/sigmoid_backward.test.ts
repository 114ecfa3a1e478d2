import { sigmoidBackward as kernel } from '../../src/kernels/sigmoid_backward';
import { sigmoidBackward as twin } from '../../src/reference/sigmoid_backward';
import { testActivationBackward } from './activation_cases';

testActivationBackward({ kernel, twin, range: [0, 1] });
