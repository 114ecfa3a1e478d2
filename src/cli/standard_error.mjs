// Standard error, for the launcher and the command. Plain JavaScript, because the launcher runs it before anything has been
// compiled.
import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Names the descriptor of standard error to a command whose descriptor 2 is not it. */
export const STDERR_VARIABLE = 'NORMSCAPE_STDERR';

const RETRY_MILLISECONDS = 5;

/**
 * A text is out when `write` returns, so that the process may end at once.
 * @param {number} descriptor
 */
export function standardError(descriptor = Number(process.env[STDERR_VARIABLE] ?? 2)) {
  return {
    isTTY: isatty(descriptor),
    /** @param {string} text */
    write(text) {
      let rest = Buffer.from(text);
      while (rest.length > 0) rest = rest.subarray(written(descriptor, rest));
    },
  };
}

/**
 * @param {number} descriptor
 * @param {Uint8Array} bytes
 * @returns {number} of how many the descriptor is rid
 */
function written(descriptor, bytes) {
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    // A terminal or pipe may be full for a moment, and set by another process not to block.
    const full = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
    if (!full) return bytes.length; // nobody reads any more, which is no reason to end a sweep
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MILLISECONDS);
    return 0;
  }
}
