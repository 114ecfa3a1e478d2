import { CHAIN_STOPS } from './chain_stops';
import { DEPTH_STOP, GAIN_STOP, NO_HELP_STOP } from './map_stops';
import type { Stop } from './stop';

/** The tour: from the question to each piece of its answer, and to where the answer ends. */
export const STOPS: readonly Stop[] = [...CHAIN_STOPS, GAIN_STOP, DEPTH_STOP, NO_HELP_STOP];
