import { twin } from './twin';

const DECAYS = 0x80000000;
const FROZEN = 0x40000000;
const RATE_AT = 0x3fffffff;

/**
 * velocity ← momentum·velocity + gradient + weight decay·parameters; parameters ← parameters − rate·velocity.
 * Word 2p of segments: where in settings the rate of parameter p is, and the flags that its decay applies and that it is frozen.
 */
export const sgdUpdate = twin(
  ['gradient', 'segments', 'settings', 'velocity', 'parameters'],
  ['momentum_at', 'weight_decay_at'],
  ({ gradient, segments, settings, velocity, parameters }, { momentum_at, weight_decay_at }) => {
    const momentum = settings[momentum_at]!;
    for (let p = 0; p < parameters.length; p++) {
      const segment = segments[2 * p]!;
      if (segment & FROZEN) continue;
      const decay = segment & DECAYS ? settings[weight_decay_at]! : 0;
      velocity[p] = momentum * velocity[p]! + (gradient[p]! + decay * parameters[p]!);
      parameters[p]! -= settings[segment & RATE_AT]! * velocity[p]!;
    }
  },
);
