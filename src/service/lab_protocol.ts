import type { Measurement } from '../measures/measurement';
import type { Measurements, MEASUREMENTS } from './measurements';

export type MeasurementName = keyof typeof MEASUREMENTS;

export type RequestOf<Name extends MeasurementName> =
  (typeof MEASUREMENTS)[Name] extends Measurement<infer Request, infer _Part> ? Request : never;
export type PartOf<Name extends MeasurementName> =
  (typeof MEASUREMENTS)[Name] extends Measurement<infer _Request, infer Part> ? Part : never;

/** Who computes: the fastest engine of the adapter (where there is none, the float64 reference), or that reference. */
export type LabEngine = 'gpu' | 'float64';

/** What computes a measurement. */
export interface LabCompute {
  readonly engine: string;
  readonly adapter: string;
}

export type LabRequest =
  | {
      type: 'measure';
      /** Of this measurement, in all that is told of it. */
      id: number;
      name: keyof Measurements;
      request: unknown;
      engine: LabEngine;
    }
  /** It is no longer wanted. */
  | { type: 'end'; id: number };

export type LabEvent =
  /** It begins, or begins anew on another engine: the parts before are void. */
  | { type: 'began'; id: number; compute: LabCompute }
  | { type: 'part'; id: number; part: unknown }
  | { type: 'done'; id: number }
  | { type: 'failed'; id: number; words: string };
