import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import * as v from 'valibot';
import { DamageError } from '../scheduler/column_codec';
import type { Part } from '../scheduler/part';
import { clipped, CallError, systemCode } from './command';
import type { PartResultName } from './folder';
import { differences, identityEntries, type Identity } from './identity';
import { opened, sealed } from './sealed';

/** The folder of a part, in that of the sweep. */
export function partFolder(folder: string, { index, of }: Part): string {
  return join(folder, `part-${index}-of-${of}`);
}

const digest = v.object({ bytes: v.number(), crc32: v.number() });
const descriptionLine = v.object({
  format: v.literal('normscape/part'),
  ...identityEntries,
  /** As `--trace` was given; nothing without it. */
  trace: v.nullable(v.string()),
  faults: v.array(v.string()),
  files: v.record(v.string(), digest),
});

/** What `part.json` says of a whole part. */
export type Description = Omit<v.InferOutput<typeof descriptionLine>, 'format'>;

export function describePart(description: Description): string {
  return sealed(JSON.stringify({ format: 'normscape/part', ...description }));
}

/**
 * Of the part in a folder; nothing where it is not whole.
 * @throws CallError where it cannot be read, or is not what was written
 */
export function readDescription(folder: string): Description | undefined {
  const file = join(folder, 'part.json' satisfies PartResultName);
  try {
    const line = readFileSync(file, 'utf8');
    const { success, output } = v.safeParse(descriptionLine, opened(line.replace(/\n$/, '')));
    if (!success) throw new DamageError('no description of a part');
    return output;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw damaged(file, error instanceof DamageError ? error.message : (systemCode(error) ?? 'no such line'));
  }
}

/** What parts must have in common with a call, or with each other. */
export type Wanted = Identity & Pick<Description, 'trace'>;

/** In what two differ, in words; nothing where in nothing. */
export function partDifferences(one: Wanted, other: Wanted): string | undefined {
  const traces = one.trace === other.trace ? undefined : 'choice of traces';
  return [differences(one, other), traces].filter(Boolean).join(' and ') || undefined;
}

/** Bytes of a file that are read at once. */
const PIECE = 2 ** 20;

/**
 * Holds the files of a whole part against what is said of them.
 * @throws CallError that names the one that is missing, cut short or altered
 */
export function verifyPart(folder: string, { files }: Description): void {
  for (const [name, said] of Object.entries(files)) {
    const file = join(folder, name);
    try {
      verifyFile(file, said);
    } catch (error) {
      if (error instanceof DamageError) throw damaged(file, error.message);
      const code = systemCode(error);
      throw code === undefined ? error : damaged(file, code);
    }
  }
}

function verifyFile(file: string, said: v.InferOutput<typeof digest>): void {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    if (size !== said.bytes) throw new DamageError(`${size} bytes of ${said.bytes}`);
    const piece = new Uint8Array(Math.min(PIECE, size));
    let sum = 0;
    for (let length; (length = readSync(descriptor, piece)) > 0;) sum = crc32(piece.subarray(0, length), sum);
    if (sum !== said.crc32) throw new DamageError('another check sum');
  } finally {
    closeSync(descriptor);
  }
}

function damaged(file: string, words: string): CallError {
  const allowed = 'the file as it was written (delete the folder to train the part again)';
  return new CallError('--out', `${clipped(file)}, damaged: ${words}`, allowed);
}
