import type { Measurement } from '../measures/measurement';

/** Measurements by the names under which the page asks for them. */
export const MEASUREMENTS = {} as const satisfies Measurements;

export type Measurements = Readonly<Record<string, Measurement<never, unknown>>>;
