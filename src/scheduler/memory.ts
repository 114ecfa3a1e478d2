export const MEBIBYTE = 2 ** 20;

/** Bytes of the device's memory that a sweep may take, unless another number is chosen. */
export const DEFAULT_MEMORY = 256 * MEBIBYTE;
/** Bytes between which it is chosen. Less would hold too few trials at once for any device to be kept busy. */
export const LEAST_MEMORY = 16 * MEBIBYTE;
export const MOST_MEMORY = 65536 * MEBIBYTE;

export function mebibytes(bytes: number): number {
  return bytes / MEBIBYTE;
}
