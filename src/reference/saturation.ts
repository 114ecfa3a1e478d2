import { identityDerivative, reluDerivative, sigmoidDerivative, tanhDerivative } from './activation';
import { twin } from './twin';

/** Where in a state the share is. */
const SATURATED = 9;
/** A unit is saturated on a sample where its output moves by less than this part of its input. */
const SATURATED_BELOW = 0.05;

/** By the kernel's constant ACTIVATION. */
const DERIVATIVES = [identityDerivative, reluDerivative, sigmoidDerivative, tanhDerivative];

/** state[SATURATED] += weight · (how many elements of y, outputs of an activation, have a derivative below SATURATED_BELOW) */
export const saturation = twin(
  ['y', 'state'],
  ['weight', 'ACTIVATION'],
  ({ y, state }, { weight, ACTIVATION }) => {
    const derivative = DERIVATIVES[ACTIVATION]!;
    state[SATURATED]! += weight * y.filter((value) => derivative(value) < SATURATED_BELOW).length;
  },
);
