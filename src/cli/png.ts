import { pipeline, Readable } from 'node:stream';
import { crc32, createDeflate } from 'node:zlib';

export interface Picture {
  width: number;
  height: number;
  /** (height) rows of (width × 3) bytes, the top row first; made as they are asked for, since a map may have millions of cells. */
  rows(): Iterable<Uint8Array>;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Bytes that are deflated at once, about. */
const PIECE = 2 ** 17;

function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, data.length + 8)), data.length + 8);
  return bytes;
}

/** A PNG file of 8-bit RGB, piece by piece. */
export async function* encodePng(picture: Picture): AsyncIterable<Uint8Array> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(picture.width, 0);
  header.writeUInt32BE(picture.height, 4);
  header.set([8, 2], 8); // bits a channel, RGB; the rest 0: the only methods there are, not interlaced
  yield SIGNATURE;
  yield chunk('IHDR', header);
  // An error of either is thrown by the loop.
  const deflated = pipeline(Readable.from(scanlines(picture)), createDeflate(), () => undefined);
  for await (const data of deflated) yield chunk('IDAT', data);
  yield chunk('IEND', new Uint8Array());
}

/** Before each row stands its filter: 0, none. Many rows at once, as each piece is handed to another thread. */
function* scanlines({ rows }: Picture): Iterable<Uint8Array> {
  let [lines, bytes]: [Uint8Array[], number] = [[], 0];
  for (const row of rows()) {
    const line = new Uint8Array(row.length + 1);
    line.set(row, 1);
    lines.push(line);
    bytes += line.length;
    if (bytes < PIECE) continue;
    yield Buffer.concat(lines);
    [lines, bytes] = [[], 0];
  }
  yield Buffer.concat(lines);
}
