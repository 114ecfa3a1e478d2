import type { Experiment } from './types';

/** What an experiment was trained by. */
export interface Provenance {
  /** Of the project. */
  readonly version: string;
  readonly engine: string;
  readonly adapter: string;
  /** Of the engine, in which its trials were spread over the adapter; nothing where it has none. */
  readonly shape?: string;
  /** What was computed wrongly, and what was done about it. */
  readonly faults: readonly string[];
}

export type StoredExperiment = Experiment & { readonly result: Partial<Provenance> };

/** The document that a stored result carries: every default filled in, and what it was trained by. */
export function storedExperiment(
  experiment: Experiment,
  { faults, shape, ...by }: Provenance,
): StoredExperiment {
  return { ...experiment, result: { ...by, ...(shape && { shape }), ...(faults.length > 0 && { faults }) } };
}
