/** Files that the page writes. */

/** A file to be saved. */
export interface PageFile {
  /** With its ending. */
  readonly name: string;
  /** MIME. */
  readonly type: string;
  /** Made one by one. */
  readonly pieces: Iterable<string | Uint8Array>;
}

/** Characters of a file's name: fewer than any file system allows bytes. */
const LONGEST_NAME = 60;
/** Milliseconds after which the making of a file lets the page draw. */
const BREATH = 12;

/** The part of an experiment's name that every system allows in a file's name. */
export function fileName(name: string): string {
  const words = name.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}]+/gu, '-');
  const short = Array.from(words).slice(0, LONGEST_NAME).join('').replace(/^-|-$/g, '');
  return short || 'experiment';
}

export function jsonFile(name: string, text: string): PageFile {
  return { name: `${name}.json`, type: 'application/json', pieces: [text] };
}

/** Hands a file to the browser to save; a page is not told whether it was. */
export async function download({ name, type, pieces }: PageFile): Promise<void> {
  const url = URL.createObjectURL(await blobOf(type, pieces));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // some browsers first ask where to
}

/** Of a million trials there are many pieces, which must not hold the page. */
async function blobOf(type: string, pieces: Iterable<string | Uint8Array>): Promise<Blob> {
  const parts: BlobPart[] = [];
  let breath = performance.now();
  for (const piece of pieces) {
    parts.push(piece as BlobPart);
    if (performance.now() - breath < BREATH) continue;
    await new Promise((resolve) => setTimeout(resolve));
    breath = performance.now();
  }
  return new Blob(parts, { type });
}
