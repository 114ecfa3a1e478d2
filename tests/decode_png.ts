import { crc32, inflateSync } from 'node:zlib';
import { encodePng, type Picture } from '../src/experiment/png';

/** A picture in memory. */
export interface Pixels {
  width: number;
  height: number;
  /** (height × width × 3), the top row first. */
  rgb: Uint8Array;
}

/** A picture of pixels in memory. */
export function pictureOf({ width, height, rgb }: Pixels): Picture {
  function* rows() {
    for (let y = 0; y < height; y += 1) yield rgb.subarray(3 * y * width, 3 * (y + 1) * width);
  }
  return { width, height, rows };
}

/** The whole file of a picture. */
export function pngFile(picture: Picture, document?: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat([...encodePng(picture, document)]));
}

/**
 * Reads what PNG's specification asks of a decoder for 8-bit RGB, row filter 0, and one text; throws for anything else.
 * @returns its text too, as keyword and text
 */
export function decodePng(file: Uint8Array): Pixels & { text: string[] | undefined } {
  const bytes = Buffer.from(file);
  if (bytes.toString('latin1', 0, 8) !== '\u0089PNG\r\n\u001a\n') throw new Error('no PNG');
  const chunks: [type: string, data: Buffer][] = [];
  for (let at = 8; at < bytes.length;) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (bytes.readUInt32BE(end) !== crc32(bytes.subarray(at + 4, end))) throw new Error('wrong checksum');
    chunks.push([bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, end)]);
    at = end + 4;
  }
  const texts = chunks[1]?.[0] === 'tEXt' ? chunks.splice(1, 1) : [];
  if (!/^IHDR(,IDAT)+,IEND$/.test(chunks.map(([type]) => type).join())) throw new Error('other chunks');
  const [[, header], [, end]] = [chunks[0]!, chunks.at(-1)!];
  const data = Buffer.concat(chunks.slice(1, -1).map(([, part]) => part));
  if (end.length !== 0 || header.toString('hex', 8) !== '0802000000') throw new Error('other format');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const rows = inflateSync(data);
  if (rows.length !== height * (3 * width + 1)) throw new Error('wrong size');
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const row = rows.subarray(y * (3 * width + 1), (y + 1) * (3 * width + 1));
    if (row[0] !== 0) throw new Error('other filter');
    rgb.set(row.subarray(1), y * 3 * width);
  }
  return { width, height, rgb, text: texts[0]?.[1].toString('latin1').split('\0') };
}

export function pixel({ width, rgb }: Pixels, x: number, y: number): number[] {
  return [...rgb.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
}
