import { identityForward as kernel } from '../../src/kernels/identity_forward';
import { identityForward as twin } from '../../src/reference/identity_forward';
import { testActivationForward } from './activation_cases';

testActivationForward({ kernel, twin, ulps: () => 1 });
