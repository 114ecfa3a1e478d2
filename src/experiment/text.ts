/** From bytes to text to JSON: what can be wrong with a document before its fields are looked at. */

import { fileKind, PNG } from './file_kind';
import { formatPath, type PathKey } from './path';
import { documentInPng } from './png';
import { ExperimentError } from './types';

const MEBIBYTE = 2 ** 20;

/** A document is no longer; as text too, which has no more characters than bytes. */
export const MOST_DOCUMENT_BYTES = 64 * MEBIBYTE;
/** A link is no longer, and neither is the document that it holds. */
export const MOST_LINK_BYTES = 16 * MEBIBYTE;

/** Lists and objects within each other: more than a document has, and few enough for any recursion. */
const MOST_NESTED = 32;

/** @throws ExperimentError for more bytes, or characters, than there may be */
export function checkLength(path: string, length: number, most: number): void {
  if (length <= most) return;
  throw new ExperimentError(path, length, `at most ${most} bytes (${most / MEBIBYTE} MiB)`);
}

/**
 * The text of a document's bytes, without a byte-order mark, or of the document in the bytes of a picture.
 * @throws ExperimentError for what is another kind of file, not UTF-8, or too long
 */
export function experimentText(bytes: Uint8Array): string {
  checkLength('', bytes.length, MOST_DOCUMENT_BYTES);
  const kind = fileKind(bytes);
  const inPicture = kind === PNG ? documentInPng(bytes) : undefined;
  if (inPicture !== undefined) return inPicture;
  if (kind !== undefined) throw new ExperimentError('', kind, 'an experiment file, which is JSON in UTF-8');
  return utf8Text(bytes);
}

/** @throws ExperimentError for what is not UTF-8 */
export function utf8Text(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const text = new TextDecoder().decode(bytes);
    const wrong = text.indexOf('\uFFFD');
    throw new ExperimentError('', text.slice(Math.max(0, wrong - 20), wrong + 20), 'UTF-8');
  }
}

/**
 * JSON at a path of the document.
 * @throws ExperimentError for what is not JSON, names a field twice, or is too deep or too long
 */
export function parseJson(at: readonly PathKey[], text: string): unknown {
  checkLength(formatPath(at), text.length, MOST_DOCUMENT_BYTES);
  checkNesting(at, text);
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExperimentError(formatPath(at), text, `JSON (${reason})`);
  }
}

/** A list or an object that is open: where in it the text is, and an object's names so far. */
interface Open {
  key: PathKey;
  names: Set<string> | undefined;
}

/**
 * What `JSON.parse` does not refuse: it takes the last of two fields of one name, and any depth.
 * A text that is not JSON is left to it.
 */
function checkNesting(at: readonly PathKey[], text: string): void {
  const open: Open[] = [];
  let nameNext = false;
  for (let i = 0; i < text.length; i += 1) {
    const innermost = open.at(-1);
    const path = () => formatPath([...at, ...open.map(({ key }) => key)]);
    switch (text[i]) {
      case '{':
      case '[':
        if (open.length === MOST_NESTED)
          throw new ExperimentError(path(), text.slice(i), `lists and objects at most ${MOST_NESTED} deep`);
        nameNext = text[i] === '{';
        open.push({ key: 0, names: nameNext ? new Set() : undefined });
        break;
      case '}':
      case ']':
        open.pop();
        nameNext = false;
        break;
      case ',':
        nameNext = innermost?.names !== undefined;
        if (innermost && typeof innermost.key === 'number') innermost.key += 1;
        break;
      case '"': {
        const end = stringEnd(text, i);
        if (nameNext && innermost?.names) {
          const name = stringValue(text.slice(i, end + 1));
          if (name === undefined) return;
          innermost.key = name;
          if (innermost.names.has(name)) throw new ExperimentError(path(), name, 'each field once');
          innermost.names.add(name);
        }
        nameNext = false;
        i = end;
        break;
      }
    }
  }
}

/** The index of the quote that ends a string, or of the text's end. */
function stringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

/** What a string in quotes says; nothing when it is no JSON. */
function stringValue(quoted: string): string | undefined {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return undefined;
  }
}
