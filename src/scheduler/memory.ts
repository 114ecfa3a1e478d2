/** Bytes of the device's memory that a sweep may take, unless another number is chosen. */
export const DEFAULT_MEMORY = 256 * 2 ** 20;

const MEBIBYTE = 2 ** 20;
/** What can be chosen, in MiB. Less would hold too few trials at once for any device to be kept busy. */
export const MEMORY_LIMITS = { least: 16, most: 65536 } as const;
/** Bytes below which a sweep does not go by itself. */
export const LEAST_MEMORY = MEMORY_LIMITS.least * MEBIBYTE;
export const MEMORY_ALLOWED = `an integer of MiB from ${MEMORY_LIMITS.least} to ${MEMORY_LIMITS.most}`;

/** Bytes for a number of MiB as it was typed; nothing where it is not allowed. */
export function parseMemory(text: string): number | undefined {
  const mebibytes = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return mebibytes >= MEMORY_LIMITS.least && mebibytes <= MEMORY_LIMITS.most
    ? mebibytes * MEBIBYTE
    : undefined;
}

export function mebibytes(bytes: number): number {
  return bytes / MEBIBYTE;
}
