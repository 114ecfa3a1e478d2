import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import type { TrialResult } from '../scheduler/results';
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

// Numbers are kept as text, since JSON has no NaN and no infinity; JavaScript's text gives the same float64 back.
const number = v.pipe(v.string(), v.transform(Number));
const outcomeLine = v.array(
  v.tuple([v.number(), v.picklist(CLASSES), number, number, number, number, v.number()]),
);

/** Outcomes of finished trials in a file, a line for each batch of them, so that a sweep can be resumed. */
export class Checkpoint {
  private constructor(
    readonly file: string,
    /** Outcomes that an earlier call has left. */
    readonly kept: readonly TrialResult[],
  ) {}

  /**
   * Goes on with the checkpoint that is there, or starts one, and makes its folder.
   * @throws CallError when the one that is there belongs to something else
   */
  static open(file: string, identity: Identity): Checkpoint {
    const text = readIfThere(file);
    // A line without its end is one that the earlier call did not finish.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const [first, ...lines] = whole.split('\n').slice(0, -1);
    if (first === undefined) {
      start(file, identity);
      return new Checkpoint(file, []);
    }
    const header = parseLine(headerLine, first, file, 1);
    const differing = keysOf(WORDS).filter((key) => header[key] !== identity[key]);
    if (differing.length > 0) {
      const others = differing.map((key) => WORDS[key]).join(' and ');
      throw new CallError('--out', `${file}, kept by a sweep with another ${others}`, REMEDY);
    }
    const kept = lines.flatMap((line, index) => parseLine(outcomeLine, line, file, index + 2)).map(resultOf);
    truncateSync(file, Buffer.byteLength(whole));
    return new Checkpoint(file, kept);
  }

  add(results: readonly TrialResult[]): void {
    const rows = results.map(({ trial, class: name, score, lossInitial, lossFinal, lossMin, divergedAt }) => [
      trial,
      name,
      ...[score, lossInitial, lossFinal, lossMin].map(String),
      divergedAt,
    ]);
    appendFileSync(this.file, `${JSON.stringify(rows)}\n`);
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

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return '';
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

function parseLine<T extends v.GenericSchema>(
  schema: T,
  line: string,
  file: string,
  number: number,
): v.InferOutput<T> {
  try {
    return v.parse(schema, JSON.parse(line));
  } catch {
    throw new CallError('--out', `${file}, damaged in line ${number}`, REMEDY);
  }
}

function resultOf(row: v.InferOutput<typeof outcomeLine>[number]): TrialResult {
  const [trial, name, score, lossInitial, lossFinal, lossMin, divergedAt] = row;
  return { trial, class: name, score, lossInitial, lossFinal, lossMin, divergedAt };
}
