import { tanhForward as kernel } from '../../src/kernels/tanh_forward';
import { tanhForward as twin } from '../../src/reference/tanh_forward';
import { testActivationForward } from './activation_cases';

// Of the value, so that small ones count too; WGSL's own tanh may err by 1e-5.
testActivationForward({ kernel, twin, ulps: () => 8 });
