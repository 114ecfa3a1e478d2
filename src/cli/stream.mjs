// Standard error, and what standard output shares with it, for the launcher and the command. Plain JavaScript, because the
// launcher runs it before anything has been compiled.
import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Names the descriptor of standard error to a command whose descriptor 2 is not it. */
export const STDERR_VARIABLE = 'NORMSCAPE_STDERR';

const RETRY_MILLISECONDS = 5;

/**
 * Standard error; what cannot be written is dropped, which is no reason to end a sweep.
 * @param {number} descriptor
 */
export function standardError(descriptor = Number(process.env[STDERR_VARIABLE] ?? 2)) {
  return stream(descriptor, () => undefined);
}

/**
 * A text is out when `write` returns, so that the process may end at once.
 * @param {number} descriptor
 * @param {(error: unknown) => void} failed is told why the rest of a text cannot be written; may throw
 */
export function stream(descriptor, failed) {
  return {
    isTTY: isatty(descriptor),
    /** @param {string} text */
    write(text) {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length;) {
        try {
          at += writeSync(descriptor, bytes, at);
        } catch (error) {
          // A terminal or pipe may be full for a moment, and set by another process not to block.
          const full = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
          if (!full) return failed(error);
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MILLISECONDS);
        }
      }
    },
  };
}
