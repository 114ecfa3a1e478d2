import * as v from 'valibot';
import { version } from '../../package.json';
import { storedExperiment, type StoredExperiment } from '../experiment/stored';
import type { Experiment } from '../experiment/types';
import { COLUMN_LAYOUT } from '../scheduler/column_codec';
import { NUMERICS } from '../training/numerics';

/** What outcomes must have in common to belong to one result. Older ones lack what has been added since. */
export const identityEntries = {
  /** Hash of the document with its defaults. */
  experiment: v.string(),
  engine: v.string(),
  adapter: v.string(),
  /** In which the engine trains; empty where it has none. */
  shape: v.optional(v.string(), ''),
  /** Of normscape, and so of the formats in which it keeps outcomes. */
  version: v.string(),
  /** The columns that outcomes have. */
  columns: v.optional(v.string(), ''),
  /** NUMERICS, which is raised more often than the version: with whatever changes a result. */
  numerics: v.optional(v.number(), 0),
  /** `I/N`, whose trials are counted by themselves; empty for all of a sweep. */
  part: v.optional(v.string(), ''),
};

const identity = v.object(identityEntries);
export type Identity = v.InferOutput<typeof identity>;

/** Of what this program writes. */
export const THIS_VERSION = { version, columns: COLUMN_LAYOUT, numerics: NUMERICS } as const;

const WORDS: Readonly<Record<keyof Identity, string>> = {
  experiment: 'experiment',
  engine: 'engine',
  adapter: 'adapter',
  version: 'version of normscape',
  columns: 'set of columns',
  numerics: 'version of its numerics',
  shape: 'shape',
  part: 'part',
};

const NAMES = Object.keys(WORDS) as (keyof Identity)[];

/** In what two differ, in words; nothing where in nothing. */
export function differences(one: Identity, other: Identity): string | undefined {
  const differing = NAMES.filter((name) => one[name] !== other[name]);
  return differing.map((name) => WORDS[name]).join(' and ') || undefined;
}

/** The document of a result, with what it came from. */
export function storedResult(
  experiment: Experiment,
  { version: own, engine, adapter, shape }: Identity,
  faults: readonly string[],
): StoredExperiment {
  return storedExperiment(experiment, { version: own, engine, adapter, shape, faults });
}
