import { writeSync } from 'node:fs';
import { clipped, systemCode } from './command';
import { stream } from './stream.mjs';

/** A file cannot be written, although the call is right: the disk is full, or fails. */
export class UnwritableError extends Error {
  override readonly name = 'UnwritableError';
  constructor(file: string, code: string, options?: ErrorOptions) {
    super(`${clipped(file)} cannot be written (${code})`, options);
  }
}

/** @throws UnwritableError for whatever the system says against `work` */
export function writing<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const code = systemCode(error);
    throw code === undefined ? error : new UnwritableError(file, code, { cause: error });
  }
}

/** Writes all of `bytes`, of which the system may take less at once. */
export function writeWhole(descriptor: number, bytes: Uint8Array, position: number | null = null): void {
  for (let at = 0; at < bytes.length;)
    at += writeSync(descriptor, bytes, at, bytes.length - at, position === null ? null : position + at);
}

/** Standard output. Nothing is wrong when nobody reads any more, as after `| head`; else `write` throws UnwritableError. */
export function standardOutput(descriptor = 1) {
  return stream(descriptor, (error) => {
    if (systemCode(error) !== 'EPIPE')
      writing('standard output', () => {
        throw error;
      });
  });
}
