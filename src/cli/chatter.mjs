// What a command's process leaves on descriptor 2. While all goes well only the GPU library writes there, complaining about
// drivers that it looks at and does not take, and nobody wants to know; but a crash has its last words there too.
import { createInterface } from 'node:readline';

/** Characters that are kept for the case of a crash. */
const KEPT = 2 ** 16;

/**
 * @param {import('node:stream').Readable} stream
 * @param {((line: string) => void) | undefined} show each line that says something, marked, as it comes; for who asks for it
 * @returns {() => string} what has come last and was not shown
 */
export function collectChatter(stream, show) {
  let last = '';
  if (show) createInterface({ input: stream }).on('line', (line) => line && show(`gpu library: ${line}\n`));
  else stream.setEncoding('utf8').on('data', (text) => (last = (last + text).slice(-KEPT)));
  return () => last;
}
