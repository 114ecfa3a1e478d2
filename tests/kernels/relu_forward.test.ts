import { reluForward as kernel } from '../../src/kernels/relu_forward';
import { reluForward as twin } from '../../src/reference/relu_forward';
import { testActivationForward } from './activation_cases';

testActivationForward({ kernel, twin, ulps: () => 1 });
