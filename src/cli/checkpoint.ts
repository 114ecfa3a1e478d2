import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { emptyBatch, joinBatches, type ResultBatch } from '../scheduler/results';
import { CLASSES } from '../training/outcome';
import { CallError, systemCode } from './command';

/** What outcomes must have in common to belong to one result. */
export interface Identity {
  /** Hash of the document with its defaults. */
  experiment: string;
  engine: string;
  adapter: string;
  version: string;
}

const WORDS: Readonly<Record<keyof Identity, string>> = {
  experiment: 'experiment',
  engine: 'engine',
  adapter: 'adapter',
  version: 'version of normscape',
};

const headerLine = v.object({
  format: v.literal('normscape/checkpoint'),
  experiment: v.string(),
  engine: v.string(),
  adapter: v.string(),
  version: v.string(),
});

/**
 * A line of outcomes. Numbers are kept as text, since JSON has no NaN and no infinity; JavaScript's text gives the same float64 back.
 * Checked by hand: for a million trials a schema would take as long as their training.
 */
function outcomesOf(line: unknown): ResultBatch | undefined {
  if (!Array.isArray(line)) return undefined;
  const batch = emptyBatch(line.length);
  for (const [at, row] of line.entries()) {
    if (!Array.isArray(row) || row.length !== ROW_LENGTH) return undefined;
    const [trial, name, ...numbers]: unknown[] = row;
    const divergedAt = numbers.pop();
    const state = CLASSES.findIndex((known) => known === name);
    if (typeof trial !== 'number' || typeof divergedAt !== 'number' || state < 0) return undefined;
    if (!numbers.every((number) => typeof number === 'string')) return undefined;
    const [score, lossInitial, lossFinal, lossMin] = numbers.map(Number);
    batch.trial[at] = trial;
    batch.class[at] = state;
    batch.score[at] = score!;
    batch.lossInitial[at] = lossInitial!;
    batch.lossFinal[at] = lossFinal!;
    batch.lossMin[at] = lossMin!;
    batch.divergedAt[at] = divergedAt;
  }
  return batch;
}
const ROW_LENGTH = 7;

/** Outcomes of finished trials in a file, a line for each batch of them, so that a sweep can be resumed. */
export class Checkpoint {
  private constructor(
    readonly file: string,
    /** Outcomes that an earlier call has left. */
    readonly kept: ResultBatch,
  ) {}

  /**
   * Goes on with the checkpoint that is there, or starts one, and makes its folder.
   * @throws CallError when the one that is there belongs to something else
   */
  static open(file: string, identity: Identity): Checkpoint {
    const bytes = readIfThere(file);
    const [first, ...lines] = wholeLines(bytes);
    if (first === undefined) {
      start(file, identity);
      return new Checkpoint(file, emptyBatch(0));
    }
    const header = parseLine((line) => v.parse(headerLine, line), first, file, 1);
    const differing = keysOf(WORDS).filter((key) => header[key] !== identity[key]);
    if (differing.length > 0) {
      const others = differing.map((key) => WORDS[key]).join(' and ');
      throw new CallError('--out', `${file}, kept by a sweep with another ${others}`, REMEDY);
    }
    const kept = lines.map((line, index) => parseLine(outcomesOf, line, file, index + 2));
    truncateSync(file, lines.at(-1)?.end ?? first.end);
    return new Checkpoint(file, joinBatches(kept));
  }

  add(outcomes: ResultBatch): void {
    const { trial, class: classes, score, lossInitial, lossFinal, lossMin, divergedAt } = outcomes;
    const rows: string[] = [];
    for (let at = 0; at < trial.length; at += 1) {
      const numbers = `"${score[at]}","${lossInitial[at]}","${lossFinal[at]}","${lossMin[at]}"`;
      rows.push(`[${trial[at]},"${CLASSES[classes[at]!]}",${numbers},${divergedAt[at]}]`);
    }
    appendFileSync(this.file, `[${rows.join()}]\n`);
  }

  remove(): void {
    rmSync(this.file);
  }
}

const REMEDY = 'a folder without a checkpoint, or the same call as before (delete the file to start afresh)';

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[];
function keysOf(record: object): string[] {
  return Object.keys(record);
}

/** A line of a file whose text may be longer than a string can be. */
interface Line {
  readonly text: () => string;
  /** The byte after its end. */
  readonly end: number;
}

/** A line without its end is one that the earlier call did not finish, and is left out. */
function wholeLines(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  for (let start = 0, at = bytes.indexOf('\n'); at >= 0; start = at + 1, at = bytes.indexOf('\n', start)) {
    const [from, to] = [start, at];
    lines.push({ text: () => bytes.toString('utf8', from, to), end: at + 1 });
  }
  return lines;
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return Buffer.alloc(0);
    throw new CallError('--out', `${file} (${code})`, 'a folder that can be read and written');
  }
}

function start(file: string, identity: Identity): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify({ format: 'normscape/checkpoint', ...identity })}\n`);
  } catch (error) {
    throw new CallError('--out', `${dirname(file)} (${systemCode(error)})`, 'a folder that can be written');
  }
}

/** @param parse returns nothing, or throws, for what is no such line */
function parseLine<Result>(
  parse: (value: unknown) => Result | undefined,
  line: Line,
  file: string,
  number: number,
): Result {
  try {
    const result = parse(JSON.parse(line.text()));
    if (result !== undefined) return result;
  } catch {
    // Said below.
  }
  throw new CallError('--out', `${file}, damaged in line ${number}`, REMEDY);
}
