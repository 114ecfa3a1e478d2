/** What a file is that a person may take for an experiment, told from how it begins. */

export const PNG = 'a PNG picture';
export const TABLE = 'a table (CSV)';

const KINDS: readonly (readonly [beginning: RegExp, kind: string])[] = [
  [/^(?:\xef\xbb\xbf)?\s*$/, 'an empty file'],
  [/^\x89PNG/, PNG],
  [/^\xff\xd8\xff/, 'a JPEG picture'],
  [/^GIF8/, 'a GIF picture'],
  [/^RIFF....WEBP/s, 'a WebP picture'],
  [/^%PDF-/, 'a PDF'],
  [/^PK\W\W/, 'a ZIP archive, as office documents are'],
  [/^(?:.\x8b|BZh\d|\xfd7zXZ|7z\xbc\xaf|\x28\xb5\x2f\xfd|Rar!)/, 'a compressed file'],
  [/^(?:\xff\xfe|\xfe\xff|\0[^\0]\0[^\0]|[^\0]\0[^\0]\0)/, 'UTF-16 text'],
  [/^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body)\b/i, 'a web page (HTML)'],
  [/^(?:\xef\xbb\xbf)?\s*<(?:\?xml|svg|!doctype)\b/i, 'an XML file'],
  [/^(?:\xef\xbb\xbf)?\s*(?:https?:\/\/|#\w+\?|\[InternetShortcut\])/, 'a link, which the address bar opens'],
  [/^(?:\xef\xbb\xbf)?[^{}[\]:\n]*[,;\t][^{}[\]:\n]*\r?\n/, TABLE],
];

/** Bytes that are looked at. */
const BEGINNING = 512;

/** Nothing for what may be JSON. */
export function fileKind(bytes: Uint8Array): string | undefined {
  const beginning = String.fromCharCode(...bytes.subarray(0, BEGINNING));
  return KINDS.find(([pattern]) => pattern.test(beginning))?.[1];
}
