import { activationNumbered, derivativeFactor } from './activation';
import { STATE } from './state';
import { twin } from './twin';

/** A unit is saturated on a sample where its output moves by less than this part of its input. */
export const SATURATED_BELOW = 0.05;

/** state.saturated += weight · (how many units, by what is kept of an activation, have a derivative below SATURATED_BELOW) */
export const saturation = twin(
  ['kept', 'gain', 'state'],
  ['weight', 'ACTIVATION'],
  ({ kept, gain, state }, { weight, ACTIVATION }) => {
    const activation = activationNumbered(ACTIVATION);
    const factor = derivativeFactor(activation, gain[0]!);
    const saturated = kept.filter((value) => activation.derivative(factor * value) < SATURATED_BELOW);
    state[STATE.saturated]! += weight * saturated.length;
  },
);
