/** An array as NumPy reads it. */
export interface ReadArray {
  descr: string;
  shape: number[];
  values: number[];
}

const ARRAYS = {
  '|u1': Uint8Array,
  '<i4': Int32Array,
  '<f4': Float32Array,
  '<f8': Float64Array,
} as const;

/** Reads what numpy.lib.format says of version 1.0; throws for anything else. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
export function readNpy(file: Uint8Array): ReadArray {
  const bytes = Buffer.from(file);
  if (bytes.toString('latin1', 0, 8) !== '\u0093NUMPY\x01\0') throw new Error('no .npy of version 1.0');
  const begin = 10 + bytes.readUInt16LE(8);
  if (begin % 64 !== 0) throw new Error('not aligned');
  const header =
    /^\{'descr': '(?<descr>[^']+)', 'fortran_order': False, 'shape': \((?<shape>\d+,|\d+(?:, \d+)+)\), \} *\n$/.exec(
      bytes.toString('latin1', 10, begin),
    )?.groups as { descr: keyof typeof ARRAYS; shape: string } | undefined;
  if (!header) throw new Error('other header');
  const { descr } = header;
  const shape = header.shape.split(',').filter(Boolean).map(Number);
  const values = [...new ARRAYS[descr](Uint8Array.from(bytes.subarray(begin)).buffer)];
  if (values.length !== shape.reduce((product, size) => product * size, 1)) throw new Error('other size');
  return { descr, shape, values };
}
