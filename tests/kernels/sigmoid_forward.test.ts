import { sigmoidForward as kernel } from '../../src/kernels/sigmoid_forward';
import { sigmoidForward as twin } from '../../src/reference/sigmoid_forward';
import { testActivationForward } from './activation_cases';

// WGSL's exp may err by 3 + 2|x| ulp; the rounding of gain·x counts |x| times.
testActivationForward({ kernel, twin, ulps: (argument) => 8 + 3 * Math.min(Math.abs(argument), 100) });
