import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gridOf } from '../experiment/axes';
import type { Experiment } from '../experiment/types';
import { Part } from '../scheduler/part';
import { digestOf } from '../service/result_address';
import { Checkpoint } from './checkpoint';
import { CallError, clipped, systemCode } from './command';
import { readExperiment } from './document';
import { CHECKPOINT, DOCUMENT } from './folder';
import { THIS_VERSION, type Identity } from './identity';
import {
  partDifferences,
  partFolder,
  readDescription,
  verifyPart,
  type Description,
  type Wanted,
} from './part_folder';

/** A part as it was found. */
export interface FoundPart {
  readonly part: Part;
  readonly folder: string;
  /** Trials that it has. */
  readonly rows: number;
  /** Of a whole one. */
  readonly description: Description | undefined;
  /** Of one that has begun and is not whole. */
  readonly checkpoint: Checkpoint | undefined;
}

export interface FoundParts {
  readonly experiment: Experiment;
  /** What all have in common; nothing where none has begun to train. */
  readonly common: Wanted | undefined;
  /** By index, all of them. */
  readonly parts: readonly FoundPart[];
}

/**
 * The parts of a sweep in its folder, every whole one held against what it says of itself.
 * @throws CallError, ExperimentError where they are not parts of one sweep by this program, or damaged
 */
export async function findParts(folder: string): Promise<FoundParts> {
  const of = countOf(folder);
  const indices = Array.from({ length: of }, (_, index) => new Part(index, of));
  const descriptions = indices.map((part) => {
    const own = partFolder(folder, part);
    const description = readDescription(own);
    if (description) verifyPart(own, description);
    return description;
  });
  const documents = indices.map((part) => join(partFolder(folder, part), DOCUMENT));
  const document = documents.find((file) => existsSync(file));
  if (document === undefined)
    throw new CallError('--out', `${clipped(folder)} without a ${DOCUMENT}`, 'parts that have begun');
  const experiment = await readExperiment(document);
  const { trials } = gridOf(experiment);
  const digest = digestOf(experiment);

  let first: { readonly wanted: Wanted; readonly part: Part } | undefined;
  const others = (part: Part, found: Wanted): string | undefined => {
    const own = { ...THIS_VERSION, experiment: digest, part: part.name };
    const differing = partDifferences(found, { ...found, ...first?.wanted, ...own });
    const than = first ? partFolder('', first.part) : 'this program';
    first ??= { wanted: found, part };
    return differing && `${differing} than ${than}`;
  };
  for (const [index, part] of indices.entries()) {
    const differing = descriptions[index] && others(part, descriptions[index]);
    if (!differing) continue;
    const found = `${clipped(partFolder(folder, part))} of another ${differing}`;
    throw new CallError('--out', found, 'parts of one sweep by this version of normscape');
  }
  const parts = indices.map((part, index): FoundPart => {
    const [own, rows, description] = [partFolder(folder, part), part.rowsOf(trials), descriptions[index]];
    // While a part is not whole nothing says which traces it will have.
    const differs = (header: Identity) => others(part, { ...header, trace: first?.wanted.trace ?? null });
    const checkpoint = description ? undefined : Checkpoint.read(join(own, CHECKPOINT), differs, rows);
    return { part, folder: own, rows, description, checkpoint };
  });
  return { experiment, common: first?.wanted, parts };
}

/** How many parts the sweep has, by the names of their folders. */
function countOf(folder: string): number {
  const found = namesIn(folder).flatMap((name) => {
    const [, index, of] = /^part-(0|[1-9]\d*)-of-([1-9]\d*)$/.exec(name) ?? [];
    return index !== undefined && of !== undefined ? [{ name, index: Number(index), of: Number(of) }] : [];
  });
  const [one, ...others] = [...new Set(found.map(({ of }) => of))].sort((a, b) => a - b);
  if (one === undefined)
    throw new CallError('--out', `${clipped(folder)} without any part-I-of-N`, 'a folder of sweep --part');
  if (others.length > 0) {
    const counts = [one, ...others].join(' and of ');
    throw new CallError(
      '--out',
      `parts of ${counts} in ${clipped(folder)}`,
      'parts of one N (delete the others)',
    );
  }
  const wrong = found.find(({ index }) => index >= one);
  if (wrong) throw new CallError('--out', clipped(join(folder, wrong.name)), `part-I-of-N with I below N`);
  return one;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new CallError('--out', `${clipped(folder)} (${systemCode(error)})`, 'a folder of sweep --part');
  }
}
