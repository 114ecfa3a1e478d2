import { alongTraining } from '../measures/along_training';
import { invariance } from '../measures/invariance';
import type { Measurement } from '../measures/measurement';
import { normLaw } from '../measures/norm_law';
import { sharpnessAlong } from '../measures/sharpness_along';

/** Measurements by the names under which the page asks for them. */
export const MEASUREMENTS = {
  along_training: alongTraining,
  invariance,
  norm_law: normLaw,
  sharpness_along: sharpnessAlong,
} as const satisfies Measurements;

export type Measurements = Readonly<Record<string, Measurement<never, unknown>>>;
