// Plain JavaScript, because the launcher reads it before anything has been compiled.

/** What a command's exit status says. */
export const EXIT = /** @type {const} */ ({
  done: 0,
  failed: 1,
  wrong: 2,
  noAdapter: 3,
  deviceLost: 4,
  unwritable: 5,
  interrupted: 130,
});

/** @type {ReadonlySet<number | null>} */
const EXPLAINED = new Set(Object.values(EXIT).filter((status) => status !== EXIT.failed));

/**
 * Whether a command that ends so has told why. One that fails may not have: Node ends with the same status, or one of its
 * own, when an error slips through the command.
 * @param {number | null} status nothing after a signal
 */
export function isExplained(status) {
  return EXPLAINED.has(status);
}
