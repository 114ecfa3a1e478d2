/**
 * An experiment as the text of a link or of a file. A link is `preset=<id>&<path>=<JSON>&…` where the experiment is a preset
 * with few changes, so that a reader can tell what it is, and `document=<base64url of deflated JSON>` otherwise.
 */

import { deflateSync, Inflate, strToU8 } from 'fflate';
import { findClash, formatPath, isName, isRecord, parsePath, replacePath, type PathKey } from './path';
import { presetExperiment, PRESETS } from './presets';
import { parseExperiment, parseExperimentBytes } from './parse';
import { LIMITS } from './document_schema';
import { checkLength, MOST_LINK_BYTES, parseJson } from './text';
import { ExperimentError, type Experiment } from './types';

type Change = [path: PathKey[], value: unknown];

type LinkPart = [name: string, value: string];

const FORM = '`preset=` and changes `path=JSON`, or `document=`, joined by `&`';

/** Deflated bytes make up to a thousand times as many: few enough at once to stop soon after too many. */
const INFLATED_AT_ONCE = 4096;

/** A JSON file. */
export function serializeExperiment(experiment: Experiment): string {
  return `${JSON.stringify(experiment, null, 2)}\n`;
}

/** What to set in `before` to make it `after`. A field that is gone means setting its parent whole. */
function changes(before: unknown, after: unknown, path: PathKey[] = []): Change[] {
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return after.flatMap((value, i) => changes(before[i], value, [...path, i]));
  }
  if (isRecord(before) && isRecord(after)) {
    const keys = Object.keys(after);
    const stays = Object.keys(before).every((key) => Object.hasOwn(after, key));
    if (stays && keys.every(isName)) {
      return keys.flatMap((key) => changes(before[key], after[key], [...path, key]));
    }
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [[path, after]];
  }
  return before === after ? [] : [[path, after]];
}

/** Percent-encoded, but for what a fragment may hold and a reader wants to see. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/%(?:5B|5D|2C|3A)/g, decodeURIComponent);
}

function encodeChanges(id: string, list: readonly Change[]): string {
  const parts = list.map(([path, value]) => `${encode(formatPath(path))}=${encode(JSON.stringify(value))}`);
  return [`preset=${encode(id)}`, ...parts].join('&');
}

function encodeDocument(experiment: Experiment): string {
  const bytes = deflateSync(strToU8(JSON.stringify(experiment)), { level: 9 });
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return `document=${base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}

/** Of experiments, which never change once they are parsed: a page asks often, and a million numbers take long. */
const encoded = new WeakMap<Experiment, string>();

/** The text of a link's fragment, without `#`: the shortest of the forms there are. */
export function encodeExperiment(experiment: Experiment): string {
  const known = encoded.get(experiment);
  if (known !== undefined) return known;
  const forms = PRESETS.map(({ id }) => ({ id, list: changes(presetExperiment(id), experiment) }))
    .filter(({ list }) => list.every(([path]) => path.length > 0))
    .map(({ id, list }) => encodeChanges(id, list));
  const shortest = [...forms, encodeDocument(experiment)].reduce((best, form) =>
    form.length < best.length ? form : best,
  );
  encoded.set(experiment, shortest);
  return shortest;
}

/** @throws ExperimentError for more than there may be, and whatever fflate throws for what is not deflated */
function inflate(deflated: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    checkLength('document', length, MOST_LINK_BYTES);
  });
  for (let from = 0; from < deflated.length; from += INFLATED_AT_ONCE) {
    const to = from + INFLATED_AT_ONCE;
    stream.push(deflated.subarray(from, to), to >= deflated.length);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function decodeDocument(text: string): Experiment {
  let bytes: Uint8Array;
  try {
    if (!/^[A-Za-z0-9_-]+$/.test(text)) throw new Error('no base64url');
    const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
    bytes = inflate(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
  } catch (error) {
    if (error instanceof ExperimentError) throw error;
    throw new ExperimentError('document', text, 'base64url of deflated JSON');
  }
  return parseExperimentBytes(bytes);
}

function decodeChanges(id: string, parts: readonly LinkPart[]): Experiment {
  const [clashing, other] = findClash(parts.map(([path]) => path)) ?? [];
  if (clashing !== undefined) {
    const [, found] = parts.find(([path]) => path === clashing) ?? [];
    throw new ExperimentError(clashing, found, `a part independent of ${other}`);
  }
  const result = parts.reduce<unknown>((document, [path, json]) => {
    const keys = parsePath(path);
    const changed = keys && replacePath(document, keys, parseJson(keys, json));
    if (changed === undefined) throw new ExperimentError(path, json, 'a path of the document');
    return changed;
  }, presetExperiment(id));
  return parseExperiment(result);
}

/**
 * The parts of a link, or of some of its parts.
 * @throws ExperimentError for what is no link, or names a part twice
 */
export function linkParts(text: string): LinkPart[] {
  checkLength('link', text.length, MOST_LINK_BYTES);
  const parts = text.split('&');
  if (parts.length > LIMITS.settings)
    throw new ExperimentError('link', parts.length, `at most ${LIMITS.settings} parts`);
  const names = new Set<string>();
  return parts.map((part) => {
    const [name = '', value, ...more] = part.split('=');
    if (value === undefined || more.length > 0) throw new ExperimentError('link', part, FORM);
    const decoded: LinkPart = [decodePart(name, name), decodePart(name, value)];
    if (names.has(decoded[0])) throw new ExperimentError(...decoded, 'each part once');
    names.add(decoded[0]);
    return decoded;
  });
}

function decodePart(name: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ExperimentError(name, text, 'percent-encoded UTF-8');
  }
}

/** @throws ExperimentError for a text that `encodeExperiment` cannot have made */
export function decodeExperiment(text: string): Experiment {
  const [[form, value] = ['', ''], ...rest] = linkParts(text);
  if (form === 'preset') return decodeChanges(value, rest);
  if (form === 'document' && rest.length === 0) return decodeDocument(value);
  throw new ExperimentError('link', text, FORM);
}
