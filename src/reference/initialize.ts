import { twin } from './twin';

const NO_GAIN = 0xffffffff;

/** parameters = base·gain; word 2p + 1 of segments: where in settings the gain of parameter p is, or that there is none */
export const initialize = twin(
  ['base', 'segments', 'settings', 'parameters'],
  [],
  ({ base, segments, settings, parameters }) => {
    for (let p = 0; p < parameters.length; p++) {
      const at = segments[2 * p + 1]!;
      parameters[p] = base[p]! * (at === NO_GAIN ? 1 : settings[at]!);
    }
  },
);
