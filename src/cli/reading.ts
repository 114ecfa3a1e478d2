import { readSync } from 'node:fs';

/**
 * Reads as many bytes as there are from `position` on, of which the system may give fewer at once.
 * @returns how many
 */
export function readAt(descriptor: number, bytes: Uint8Array, position: number): number {
  let at = 0;
  for (let got; at < bytes.length; at += got) {
    got = readSync(descriptor, bytes, at, bytes.length - at, position + at);
    if (got === 0) break;
  }
  return at;
}
