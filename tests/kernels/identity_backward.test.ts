import { identityBackward as kernel } from '../../src/kernels/identity_backward';
import { identityBackward as twin } from '../../src/reference/identity_backward';
import { testActivationBackward } from './activation_cases';

testActivationBackward({ kernel, twin, range: [-3, 3] });
