/** What leaves the page as a file. */

/** Characters of a file's name: fewer than any file system allows bytes. */
const LONGEST_NAME = 60;

/** Of an experiment's name, what may stand in a file's on every system. */
export function fileName(name: string): string {
  const words = name.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}]+/gu, '-');
  const short = Array.from(words).slice(0, LONGEST_NAME).join('').replace(/^-|-$/g, '');
  return short || 'experiment';
}

/** Lets the browser save a JSON file; whether it does, it tells nobody. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  Object.assign(document.createElement('a'), { href: url, download: `${name}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // some browsers first ask where to
}
