import { freemem } from 'node:os';

/** Bytes that this process may still take. */
export function availableMemory(): number {
  return 'availableMemory' in process ? process.availableMemory() : freemem(); // not in Deno
}
