import { crc32 } from 'node:zlib';
import { DamageError } from '../scheduler/column_codec';

/** How a sealed line begins. */
export const SEALED = '{"crc32":"';
const SEAL = /^\{"crc32":"([0-9a-f]{8})",/;

/** A line: the JSON text of an object, with its check sum as the first member. */
export function sealed(text: string): string {
  return `${SEALED}${checkSum(text)}",${text.slice(1)}\n`;
}

/**
 * What was sealed.
 * @throws DamageError for a line that is not what was written
 */
export function opened(line: string): unknown {
  const [seal = '', sum] = SEAL.exec(line) ?? [];
  const text = `{${line.slice(seal.length)}`;
  if (sum !== checkSum(text)) throw new DamageError(sum === undefined ? 'no check sum' : 'another check sum');
  return JSON.parse(text);
}

function checkSum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
