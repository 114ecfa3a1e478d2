import { alongTraining } from '../measures/along_training';
import type { Measurement } from '../measures/measurement';
import { sharpnessAlong } from '../measures/sharpness_along';

/** Measurements by the names under which the page asks for them. */
export const MEASUREMENTS = {
  along_training: alongTraining,
  sharpness_along: sharpnessAlong,
} as const satisfies Measurements;

export type Measurements = Readonly<Record<string, Measurement<never, unknown>>>;
