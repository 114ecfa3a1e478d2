import { CLASSES } from '../training/outcome';
import { COLUMN_ARRAYS, COLUMN_NAMES, columnOf } from '../training/outcome_columns';
import { emptyBatch, type ResultBatch } from './results';

/** What was stored is not what was written. */
export class DamageError extends Error {
  override readonly name = 'DamageError';
}

/** What of a batch is encoded, in order: whoever keeps bytes keeps this with them, for bytes of another layout mean something else. */
export const COLUMN_LAYOUT = [
  'trial:u32',
  ...COLUMN_NAMES.map((name) => `${name}:${columnOf(name).type}`),
].join(' ');

/** Bytes of each of them. */
const WIDTHS = [
  Uint32Array.BYTES_PER_ELEMENT,
  ...COLUMN_NAMES.map((name) => COLUMN_ARRAYS[columnOf(name).type].BYTES_PER_ELEMENT),
];

/** Bytes of one outcome. */
export const OUTCOME_BYTES = WIDTHS.reduce((sum, width) => sum + width);

/** Outcomes of finished trials as bytes, column after column, in the byte order of all that runs WebGPU, little-endian. */
export function encodeBatch(batch: ResultBatch): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(batch.trial.length * OUTCOME_BYTES);
  let at = 0;
  for (const column of encodedColumns(batch)) {
    bytes.set(column, at);
    at += column.length;
  }
  return bytes;
}

/** The same column by column, without a copy. */
export function encodedColumns(batch: ResultBatch): Uint8Array<ArrayBuffer>[] {
  return columnsOf(batch).map(bytesOf);
}

/** Where in the bytes of `outcomes` lie those from the first one of some on, column by column: these alone are a batch's bytes again. */
export function spansOf(
  outcomes: number,
  { first, count }: { readonly first: number; readonly count: number },
): { start: number; length: number }[] {
  let column = 0;
  return WIDTHS.map((width) => {
    const start = column + first * width;
    column += outcomes * width;
    return { start, length: count * width };
  });
}

/**
 * The outcomes that were encoded.
 * @param trials that there are
 * @throws DamageError where these bytes cannot be outcomes of finished trials
 */
export function decodeBatch(bytes: Uint8Array, trials: number): ResultBatch {
  const length = bytes.length / OUTCOME_BYTES;
  if (!Number.isInteger(length))
    throw new DamageError(`${bytes.length} bytes, of ${OUTCOME_BYTES} an outcome`);
  const batch = emptyBatch(length);
  let at = 0;
  for (const column of columnsOf(batch)) {
    bytesOf(column).set(bytes.subarray(at, at + column.byteLength));
    at += column.byteLength;
  }
  check('trial', batch.trial, 0, trials - 1);
  for (const name of COLUMN_NAMES) {
    const { names, least = names ? 0 : -Infinity } = columnOf(name);
    check(name, batch[name], least, names ? names.length - 1 : Infinity);
  }
  check('class', batch.class, 0, CLASSES.length - 1);
  return batch;
}

/** NaN is within every range. */
function check(what: string, column: ArrayLike<number>, least: number, most: number): void {
  for (let at = 0; at < column.length; at += 1)
    if (column[at]! < least || column[at]! > most) throw new DamageError(`no such ${what}: ${column[at]}`);
}

function columnsOf(batch: ResultBatch): ResultBatch[keyof ResultBatch][] {
  return [batch.trial, ...COLUMN_NAMES.map((name) => batch[name])];
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
