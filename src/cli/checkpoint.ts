import { closeSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { DamageError, decodeBatch, encodeBatch } from '../scheduler/column_codec';
import { emptyBatch, joinBatches, type ResultBatch } from '../scheduler/results';
import { CallError, clipped, systemCode } from './command';
import { differences, identityEntries, type Identity } from './identity';
import { opened, SEALED, sealed } from './sealed';
import { writeWhole, writing } from './writing';

const headerLine = v.object({ format: v.literal('normscape/checkpoint'), ...identityEntries });

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
   * @param trials that its outcomes are of
   * @throws CallError when the one that is there is damaged or belongs to something else, UnwritableError
   */
  static open(file: string, identity: Identity, trials: number): Checkpoint {
    const found = Checkpoint.read(file, (header) => differences(header, identity), trials);
    if (found) {
      writing(file, () => truncateSync(file, found.end));
      return found;
    }
    const header = sealed(JSON.stringify({ format: 'normscape/checkpoint', ...identity }));
    writing(file, () => writeFileSync(file, header));
    return new Checkpoint(file, emptyBatch(0), [], Buffer.byteLength(header));
  }

  /**
   * The checkpoint that is there, as it is; nothing where none is, or no more than the beginning of one.
   * @param differs in what its header is not what is wanted, in words
   * @throws CallError as `open` does
   */
  static read(
    file: string,
    differs: (header: Identity) => string | undefined,
    trials: number,
  ): Checkpoint | undefined {
    const bytes = readIfThere(file);
    const [first, ...lines] = wholeLines(bytes);
    if (first === undefined) {
      if (!SEALED.startsWith(bytes.toString('latin1', 0, SEALED.length))) throw damaged(file, 1, 'no header');
      return undefined;
    }
    const others = differs(parseLine(headerOf, first, file, 1));
    if (others)
      throw new CallError('--out', `${clipped(file)}, kept by a sweep with another ${others}`, REMEDY);
    const kept: ResultBatch[] = [];
    const faults: string[] = [];
    const seen = new Uint8Array(trials);
    for (const [index, line] of lines.entries()) {
      const entry = parseLine((value) => entryOf(value, seen), line, file, index + 2);
      if (typeof entry === 'string') faults.push(entry);
      else kept.push(entry);
    }
    return new Checkpoint(file, joinBatches(kept), faults, (lines.at(-1) ?? first).end);
  }

  /** What the checkpoint that is there is of; nothing where none is, or one that cannot be read, of which `open` tells. */
  static identityIn(file: string): Identity | undefined {
    try {
      const [first] = wholeLines(readIfThere(file));
      return first && headerOf(opened(first.text()));
    } catch {
      return undefined;
    }
  }

  /** @throws UnwritableError */
  add(outcomes: ResultBatch): void {
    this.append(JSON.stringify({ outcomes: Buffer.from(encodeBatch(outcomes)).toString('base64') }));
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

function parseLine<Result>(
  parse: (value: unknown) => Result,
  line: Line,
  file: string,
  number: number,
): Result {
  try {
    return parse(opened(line.text()));
  } catch (error) {
    throw damaged(file, number, error instanceof DamageError ? error.message : 'no such line');
  }
}

function damaged(file: string, line: number, words: string): CallError {
  return new CallError('--out', `${clipped(file)}, damaged in line ${line}: ${words}`, REMEDY);
}

function headerOf(line: unknown): Identity {
  const { success, output } = v.safeParse(headerLine, line);
  if (!success) throw new DamageError('no header');
  return output;
}

const entryLine = v.union([v.strictObject({ outcomes: v.string() }), v.strictObject({ fault: v.string() })]);

/**
 * A line after the header: outcomes, or a fault in words.
 * @param seen trials of the lines before, to which this one's are added
 */
function entryOf(line: unknown, seen: Uint8Array): ResultBatch | string {
  const { success, output } = v.safeParse(entryLine, line);
  if (!success) throw new DamageError('neither outcomes nor a fault');
  return 'fault' in output ? output.fault : outcomesOf(output.outcomes, seen);
}

function outcomesOf(base64: string, seen: Uint8Array): ResultBatch {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64) throw new DamageError('no base64'); // of which Buffer leaves out what is none
  const batch = decodeBatch(bytes, seen.length);
  for (const trial of batch.trial) {
    if (seen[trial]) throw new DamageError(`trial ${trial} twice`);
    seen[trial] = 1;
  }
  return batch;
}
