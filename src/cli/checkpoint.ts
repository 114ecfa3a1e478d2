import { closeSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import * as v from 'valibot';
import { emptyBatch, joinBatches, type ResultBatch } from '../scheduler/results';
import { CLASSES, STATES } from '../training/outcome';
import { CallError, clipped, systemCode } from './command';
import { writeWhole, writing } from './writing';

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
 * Outcomes of finished trials in a file, a line for each batch of them, so that a sweep can be resumed; and what went wrong
 * on the way to them. Each line begins with a check sum of the rest of it.
 */
export class Checkpoint {
  private constructor(
    readonly file: string,
    /** Outcomes that an earlier call has left. */
    readonly kept: ResultBatch,
    /** Faults that earlier calls and this one have met, in words. */
    readonly faults: string[],
    /** Where the next line begins. */
    private end: number,
  ) {}

  /**
   * Goes on with the checkpoint that is there, or starts one.
   * @param trials of the experiment
   * @throws CallError when the one that is there is damaged or belongs to something else, UnwritableError
   */
  static open(file: string, identity: Identity, trials: number): Checkpoint {
    const bytes = readIfThere(file);
    const [first, ...lines] = wholeLines(bytes);
    if (first === undefined) {
      if (!SEALED.startsWith(bytes.toString('latin1', 0, SEALED.length))) throw damaged(file, 1, 'no header');
      const header = sealed(JSON.stringify({ format: 'normscape/checkpoint', ...identity }));
      writing(file, () => writeFileSync(file, header));
      return new Checkpoint(file, emptyBatch(0), [], Buffer.byteLength(header));
    }
    const header = parseLine(headerOf, first, file, 1);
    const differing = keysOf(WORDS).filter((key) => header[key] !== identity[key]);
    if (differing.length > 0) {
      const others = differing.map((key) => WORDS[key]).join(' and ');
      throw new CallError('--out', `${clipped(file)}, kept by a sweep with another ${others}`, REMEDY);
    }
    const kept: ResultBatch[] = [];
    const faults: string[] = [];
    const seen = new Uint8Array(trials);
    for (const [index, line] of lines.entries()) {
      const entry = parseLine((value) => entryOf(value, seen), line, file, index + 2);
      if (typeof entry === 'string') faults.push(entry);
      else kept.push(entry);
    }
    const { end } = lines.at(-1) ?? first;
    writing(file, () => truncateSync(file, end));
    return new Checkpoint(file, joinBatches(kept), faults, end);
  }

  /** @throws UnwritableError */
  add(outcomes: ResultBatch): void {
    const { trial, class: classes, state, divergedAt } = outcomes;
    const numbers = NUMBERS.map((name) => outcomes[name]);
    const rows: string[] = [];
    for (let at = 0; at < trial.length; at += 1) {
      const texts = numbers.map((column) => `"${column[at]}"`).join();
      rows.push(
        `[${trial[at]},"${CLASSES[classes[at]!]}","${STATES[state[at]!]}",${divergedAt[at]},${texts}]`,
      );
    }
    this.append(`{"trials":[${rows.join()}]}`);
  }

  /** @throws UnwritableError */
  addFault(words: string): void {
    this.faults.push(words);
    this.append(JSON.stringify({ fault: words }));
  }

  /** @throws UnwritableError */
  remove(): void {
    writing(this.file, () => rmSync(this.file));
  }

  /** Writes over what a line that did not fit on the disk has left. */
  private append(text: string): void {
    const bytes = Buffer.from(sealed(text));
    writing(this.file, () => {
      const descriptor = openSync(this.file, 'r+');
      try {
        writeWhole(descriptor, bytes, this.end);
      } finally {
        closeSync(descriptor);
      }
    });
    this.end += bytes.length;
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
    throw new CallError('--out', `${clipped(file)} (${code})`, 'a folder that can be read and written');
  }
}

const SEALED = '{"crc32":"';
const SEAL = /^\{"crc32":"([0-9a-f]{8})",/;

/** A line: the JSON text of an object, with its check sum as the first member. */
function sealed(text: string): string {
  return `${SEALED}${checkSum(text)}",${text.slice(1)}\n`;
}

/** What was sealed. */
function opened(line: string): unknown {
  const [seal = '', sum] = SEAL.exec(line) ?? [];
  const text = `{${line.slice(seal.length)}`;
  if (sum !== checkSum(text)) throw new Damage(sum === undefined ? 'no check sum' : 'another check sum');
  return JSON.parse(text);
}

function checkSum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

/** What is wrong with a line. */
class Damage extends Error {
  override readonly name = 'Damage';
}

function parseLine<Result>(
  parse: (value: unknown) => Result,
  line: Line,
  file: string,
  number: number,
): Result {
  try {
    return parse(opened(line.text()));
  } catch (error) {
    throw damaged(file, number, error instanceof Damage ? error.message : 'no such line');
  }
}

function damaged(file: string, line: number, words: string): CallError {
  return new CallError('--out', `${clipped(file)}, damaged in line ${line}: ${words}`, REMEDY);
}

function headerOf(line: unknown): Identity {
  if (!v.is(headerLine, line)) throw new Damage('no header');
  return line;
}

/**
 * A line after the header: outcomes, or a fault in words. Checked by hand: for a million trials a schema would take as long as
 * their training.
 * @param seen trials of the lines before, to which this one's are added
 */
function entryOf(line: unknown, seen: Uint8Array): ResultBatch | string {
  const { trials, fault, ...others } = Object(line) as Readonly<Record<string, unknown>>;
  if (Object.keys(others).length === 0) {
    if (typeof fault === 'string' && trials === undefined) return fault;
    if (Array.isArray(trials) && fault === undefined) return outcomesOf(trials, seen);
  }
  throw new Damage('neither outcomes nor a fault');
}

/** Columns of numbers that need not be finite; those that are no part of a result are not kept. */
const NUMBERS = ['score', 'lossInitial', 'lossFinal', 'lossMin'] as const;
const ROW_LENGTH = 4 + NUMBERS.length;

/** Numbers are kept as text, since JSON has no NaN and no infinity; JavaScript's text gives the same float64 back. */
function outcomesOf(rows: readonly unknown[], seen: Uint8Array): ResultBatch {
  const batch = emptyBatch(rows.length);
  for (const [at, row] of rows.entries()) {
    if (!Array.isArray(row) || row.length !== ROW_LENGTH)
      throw new Damage(`an outcome without ${ROW_LENGTH} fields`);
    const [trial, className, stateName, divergedAt, ...numbers]: unknown[] = row;
    batch.trial[at] = integerOf('trial', trial, 0, seen.length - 1);
    if (seen[batch.trial[at]]) throw new Damage(`trial ${batch.trial[at]} twice`);
    seen[batch.trial[at]] = 1;
    batch.class[at] = nameOf('class', CLASSES, className);
    batch.state[at] = nameOf('state', STATES, stateName);
    for (const [index, name] of NUMBERS.entries()) batch[name][at] = numberOf(name, numbers[index]);
    batch.divergedAt[at] = integerOf('step', divergedAt, -1, 2 ** 31 - 1);
  }
  return batch;
}

function nameOf(what: string, names: readonly string[], value: unknown): number {
  const index = names.findIndex((known) => known === value);
  if (index < 0) throw new Damage(`no such ${what}: ${shown(value)}`);
  return index;
}

function integerOf(what: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Damage(`no such ${what}: ${shown(value)}`);
}

function numberOf(what: string, value: unknown): number {
  const number = Number(value);
  if (typeof value === 'string' && String(number) === value) return number;
  throw new Damage(`no such ${what}: ${shown(value)}`);
}

/** A value of a file, in few words. */
function shown(value: unknown): string {
  return clipped(JSON.stringify(value), 20);
}
