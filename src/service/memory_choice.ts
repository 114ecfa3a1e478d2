import { LEAST_MEMORY, MEBIBYTE, mebibytes, MOST_MEMORY } from '../scheduler/memory';

export const MEMORY_ALLOWED = `an integer of MiB from ${mebibytes(LEAST_MEMORY)} to ${mebibytes(MOST_MEMORY)}`;

/** Bytes for a number of MiB as it was typed; nothing where it is not allowed. */
export function parseMemory(text: string): number | undefined {
  const memory = /^\d+$/.test(text) ? Number(text) * MEBIBYTE : Number.NaN;
  return memory >= LEAST_MEMORY && memory <= MOST_MEMORY ? memory : undefined;
}
