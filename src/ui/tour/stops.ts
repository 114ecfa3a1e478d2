import { CHAIN_STOPS } from './chain_stops';
import { INVARIANCE_STOP } from './invariance_stops';
import { LANDSCAPE_STOPS } from './landscape_stops';
import { DEPTH_STOP, GAIN_STOP, NO_HELP_STOP, PARADOX_STOP } from './map_stops';
import type { Stop } from './stop';

/** The tour: from the question to each piece of its answer, and to where the answer ends. */
export const STOPS: readonly Stop[] = [
  ...CHAIN_STOPS,
  INVARIANCE_STOP,
  GAIN_STOP,
  DEPTH_STOP,
  PARADOX_STOP,
  ...LANDSCAPE_STOPS,
  NO_HELP_STOP,
];
