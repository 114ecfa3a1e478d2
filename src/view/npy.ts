import { strToU8 } from 'fflate';

/** NumPy's names of the numbers of arrays; those of several bytes are little-endian, as they are on every machine that has a browser. */
const TYPES = [
  [Uint8Array, '|u1'],
  [Int32Array, '<i4'],
  [Float32Array, '<f4'],
  [Float64Array, '<f8'],
] as const;

export type NpyArray = Uint8Array | Int32Array | Float32Array | Float64Array;

/** The header is as long as makes what precedes the data a multiple of this. */
const ALIGNED = 64;

export function npyType(values: NpyArray): string {
  return TYPES.find(([type]) => values instanceof type)![1];
}

/**
 * A NumPy file, version 1.0 of the format (numpy.lib.format).
 * @param shape in C order: the last index is the fastest
 */
export function encodeNpy(values: NpyArray, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const header = `{'descr': '${npyType(values)}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const before = Math.ceil((10 + header.length + 1) / ALIGNED) * ALIGNED;
  const bytes = new Uint8Array(before + values.byteLength);
  bytes.set([0x93, ...strToU8('NUMPY'), 1, 0]);
  new DataView(bytes.buffer).setUint16(8, before - 10, true);
  bytes.set(strToU8(`${header.padEnd(before - 11)}\n`), 10);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), before);
  return bytes;
}
