/** Files that the page writes. */

/** Characters of a file's name: fewer than any file system allows bytes. */
const LONGEST_NAME = 60;

/** The part of an experiment's name that every system allows in a file's name. */
export function fileName(name: string): string {
  const words = name.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}]+/gu, '-');
  const short = Array.from(words).slice(0, LONGEST_NAME).join('').replace(/^-|-$/g, '');
  return short || 'experiment';
}

/** Hands a JSON file to the browser to save; a page is not told whether it was. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  Object.assign(document.createElement('a'), { href: url, download: `${name}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // some browsers first ask where to
}
