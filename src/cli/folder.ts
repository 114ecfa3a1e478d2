import { accessSync, constants, existsSync, lstatSync, mkdirSync, statSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { CallError, clipped, systemCode } from './command';
import { UnwritableError } from './writing';

/** The files of a result, in the order in which they appear: the document last, as it says what the others are. */
export const RESULTS = ['trials.csv', 'traces.csv', 'map.png', 'experiment.json'] as const;
export type ResultName = (typeof RESULTS)[number];
/**
 * The files of a whole part of a sweep, likewise: columns of outcomes, its lines of the traces, and what says what these are. Beside
 * them stands the document, from the beginning.
 */
export const PART_RESULTS = ['outcomes.bin', 'traces.csv', 'part.json'] as const;
export type PartResultName = (typeof PART_RESULTS)[number];
/** The document, in either folder. */
export const DOCUMENT = 'experiment.json';
/** What else is in the folder of a sweep while it runs; whatever has another name is the user's. */
export const CHECKPOINT = 'checkpoint.jsonl';
export const LOCK = '.lock';
export const PARTIAL = '.partial';

const FILE = 'a regular file';
const DIRECTORY = 'a directory';

/**
 * What else has a name of ours would be written through, waited for or removed.
 * @param results the names of what is to be written
 * @throws CallError
 */
export function checkFolder(folder: string, results: readonly string[] = RESULTS): void {
  refuseUnless(DIRECTORY, folder, statSync); // which may be a link to one
  for (const name of [...results, CHECKPOINT, LOCK]) refuseUnless(FILE, join(folder, name), lstatSync);
  refuseUnless(DIRECTORY, join(folder, PARTIAL), lstatSync);
}

function refuseUnless(allowed: string, path: string, look: (path: string) => Stats): void {
  const found = kindOf(path, look);
  if (found === undefined || found === allowed) return;
  throw new CallError('--out', `${clipped(path)}, ${found}`, `${allowed} there, or nothing`);
}

/** What is at a path, in words; nothing where there is nothing. */
function kindOf(path: string, look: (path: string) => Stats): string | undefined {
  let stats: Stats;
  try {
    stats = look(path);
  } catch (error) {
    const code = systemCode(error);
    return code === 'ENOENT' ? undefined : code;
  }
  if (stats.isFile()) return FILE;
  if (stats.isDirectory()) return DIRECTORY;
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isFIFO()) return 'a named pipe (FIFO)';
  return stats.isSocket() ? 'a socket' : 'a device';
}

/** What the system says of a disk that cannot be written, whichever folder of it is asked for. */
const OF_DISKS: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EROFS']);

/**
 * Makes the folder where there is none.
 * @throws CallError, UnwritableError
 */
export function makeFolder(folder: string): void {
  try {
    makeWithParents(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = systemCode(error) ?? String(error);
    if (OF_DISKS.has(code)) throw new UnwritableError(folder, code, { cause: error });
    throw new CallError('--out', `${clipped(folder)} (${code})`, 'a folder that can be read and written');
  }
}

/** Node's own way never ends where the system says that a folder's parent is missing although it is there, as in `/proc`. */
function makeWithParents(folder: string): void {
  if (existsSync(folder)) return;
  makeWithParents(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error; // another process was quicker
  }
}
