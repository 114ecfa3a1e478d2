import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { baseTrial } from '../experiment/trial';
import type { Experiment, TrialDocument } from '../experiment/types';
import { COLUMN_LAYOUT } from '../scheduler/column_codec';
import type { Manner } from '../training/manner';
import { NUMERICS } from '../training/numerics';

/**
 * Where the outcome of a trial is kept: two trials have the same address only if they come out alike, to the last bit. It names what the
 * trial is, seed and rule included, what trained it and the version of the numerics; neither names, nor the trial's place on a grid.
 * @param document a whole trial, with every default filled in
 * @param made by which engine in what manner, and on which adapter where that is to be the same too
 * @returns 64 hexadecimal digits
 */
export function addressOf(
  document: TrialDocument,
  made: { engine: string; manner: Manner; adapter?: string },
): string {
  const { engine, manner, adapter } = made;
  return digestOf({ numerics: NUMERICS, engine, manner, adapter, trial: baseTrial(document) });
}

/**
 * Where the outcomes of a sweep are kept, by the index of their trials: two sweeps have the same address only if all of their trials come
 * out alike, to the last bit, and the same is measured of them.
 * @param made by what, and in what manner
 */
export function sweepAddress(
  experiment: Experiment,
  made: { engine: string; adapter: string; manner: Manner },
): string {
  const { engine, adapter, manner } = made;
  const { axes, replicates } = experiment;
  const arms = experiment.arms.map(({ set }) => set);
  const measures = experiment.measures.toSorted();
  const trials = { trial: baseTrial(experiment), axes, arms, replicates, measures };
  return digestOf({ numerics: NUMERICS, columns: COLUMN_LAYOUT, engine, adapter, manner, ...trials });
}

/** SHA-256 of what JSON says of a value, whatever the order of its members; 64 hexadecimal digits. */
export function digestOf(value: unknown): string {
  const hash = sha256.create();
  const encoder = new TextEncoder();
  let text = '';
  const write = (part: string) => {
    text += part;
    if (text.length < LONGEST) return;
    hash.update(encoder.encode(text));
    text = '';
  };
  spell(value, write);
  hash.update(encoder.encode(text));
  return bytesToHex(hash.digest());
}

/** Characters that are hashed at once: the text of a document with its data may be longer than a string can be. */
const LONGEST = 2 ** 14;

/** Writes a value in a way that no other value has: as JSON, members in the order of their names, but for a comma at the end of lists. */
function spell(value: unknown, write: (part: string) => void): void {
  if (Array.isArray(value)) {
    write('[');
    for (const item of value) {
      spell(item, write);
      write(',');
    }
    write(']');
  } else if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    write('{');
    for (const [name, member] of members.sort(([a], [b]) => (a < b ? -1 : 1))) {
      write(`${JSON.stringify(name)}:`);
      spell(member, write);
      write(',');
    }
    write('}');
  } else write(JSON.stringify(value));
}
