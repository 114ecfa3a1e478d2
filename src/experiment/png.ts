/** PNG pictures with an experiment inside, as a text chunk: what a picture shows can be opened from it again. */

import { strFromU8, strToU8, Zlib } from 'fflate';
import { ExperimentError } from './types';

export interface Picture {
  width: number;
  height: number;
  /** (height) rows of (width × 3) bytes, the top row first; made as they are asked for, since a map may have millions of cells. */
  rows(): Iterable<Uint8Array>;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Bytes of a chunk besides its data: length and type before it, check sum behind it. */
const BEFORE = 8;
const BEHIND = 4;

/** The type of a text chunk. */
const TEXT = 0x74455874;
/** What the text chunk with the experiment begins with: its keyword, and the 0 that ends it. */
const KEYWORD = strToU8('normscape\0');

/** Bytes that are deflated at once, about. */
const PIECE = 2 ** 17;

/**
 * A PNG file of 8-bit RGB, piece by piece.
 * @param document JSON of the experiment that it shows
 */
export function* encodePng(picture: Picture, document?: string): Iterable<Uint8Array<ArrayBuffer>> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, picture.width);
  view.setUint32(4, picture.height);
  header.set([8, 2], 8); // bits a channel, RGB; the rest 0: the only methods there are, not interlaced
  yield SIGNATURE;
  yield chunk('IHDR', header);
  // Before the pixels, so that it is whole in a file that was cut.
  if (document !== undefined) yield chunk('tEXt', joined([KEYWORD, strToU8(ascii(document))]));
  const deflated: Uint8Array[] = [];
  const zlib = new Zlib((data) => deflated.push(data));
  for (const piece of scanlines(picture)) {
    zlib.push(piece);
    for (const data of deflated.splice(0)) if (data.length > 0) yield chunk('IDAT', data);
  }
  zlib.push(new Uint8Array(), true);
  yield chunk('IDAT', joined(deflated));
  yield chunk('IEND', new Uint8Array());
}

/** Before each row stands its filter: 0, none. Many rows at once. */
function* scanlines({ rows }: Picture): Iterable<Uint8Array> {
  let [lines, bytes]: [Uint8Array[], number] = [[], 0];
  for (const row of rows()) {
    const line = new Uint8Array(row.length + 1);
    line.set(row, 1);
    lines.push(line);
    bytes += line.length;
    if (bytes < PIECE) continue;
    yield joined(lines);
    [lines, bytes] = [[], 0];
  }
  yield joined(lines);
}

/**
 * JSON of the experiment in a PNG file; nothing where there is none. Its pixels are not looked at.
 * @throws ExperimentError where it is not as it was written
 */
export function documentInPng(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = SIGNATURE.length; at + BEFORE <= bytes.length;) {
    const from = at + BEFORE;
    const to = from + view.getUint32(at);
    if (view.getUint32(at + 4) === TEXT && startsWith(bytes.subarray(from, to), KEYWORD)) {
      const isWhole = to + BEHIND <= bytes.length && view.getUint32(to) === crc32(bytes.subarray(at + 4, to));
      if (!isWhole)
        throw new ExperimentError(
          '',
          'a PNG picture whose experiment is damaged',
          'the file as it was saved',
        );
      return strFromU8(bytes.subarray(from + KEYWORD.length, to), true);
    }
    at = to + BEHIND;
  }
  return undefined;
}

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(BEFORE + data.length + BEHIND);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(strToU8(type), 4);
  bytes.set(data, BEFORE);
  view.setUint32(BEFORE + data.length, crc32(bytes.subarray(4, BEFORE + data.length)));
  return bytes;
}

/** A text chunk holds Latin-1 only, and JSON needs no more than ASCII. */
function ascii(json: string): string {
  return json.replace(/[^\n\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function startsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
  return beginning.every((byte, i) => byte === bytes[i]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The remainder of each byte, by the polynomial of PNG's specification, annex D. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1)
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = REMAINDERS[(sum ^ byte) & 255]! ^ (sum >>> 8);
  return ~sum >>> 0;
}
