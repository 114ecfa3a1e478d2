/**
 * An experiment as the text of a link or of a file. A link is `preset=<id>&<path>=<JSON>&…` where the experiment is a preset
 * with few changes, so that a reader can tell what it is, and `document=<base64url of deflated JSON>` otherwise.
 */

import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { formatPath, isName, isRecord, parsePath, replacePath, type PathKey } from './path';
import { presetExperiment, PRESETS } from './presets';
import { parseExperiment, parseExperimentText, parseJson } from './schema';
import { ExperimentError, type Experiment } from './types';

type Change = [path: PathKey[], value: unknown];

const FORM = '`preset=` and changes of it, or `document=`';

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

/** The text of a link's fragment, without `#`: the shortest of the forms there are. */
export function encodeExperiment(experiment: Experiment): string {
  const forms = PRESETS.map(({ id }) => ({ id, list: changes(presetExperiment(id), experiment) }))
    .filter(({ list }) => list.every(([path]) => path.length > 0))
    .map(({ id, list }) => encodeChanges(id, list));
  return [...forms, encodeDocument(experiment)].reduce((best, form) =>
    form.length < best.length ? form : best,
  );
}

function decodeDocument(text: string): Experiment {
  if (!/^[A-Za-z0-9_-]+$/.test(text))
    throw new ExperimentError('document', text, 'base64url of deflated JSON');
  let json: string;
  try {
    const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
    json = strFromU8(inflateSync(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))));
  } catch {
    throw new ExperimentError('document', text, 'base64url of deflated JSON');
  }
  return parseExperimentText(json);
}

function decodeChanges(id: string, parts: readonly [path: string, json: string][]): Experiment {
  const result = parts.reduce<unknown>((document, [path, json]) => {
    const keys = parsePath(path);
    const changed = keys && replacePath(document, keys, parseJson(path, json));
    if (changed === undefined) throw new ExperimentError(path, json, 'a path of the document, once');
    return changed;
  }, presetExperiment(id));
  return parseExperiment(result);
}

/** @throws ExperimentError for a text that `encodeExperiment` cannot have made */
export function decodeExperiment(text: string): Experiment {
  const parts = text.split('&').map((part): [string, string] => {
    const [key = '', value, ...more] = part.split('=');
    if (value === undefined || more.length > 0) throw new ExperimentError('link', text, FORM);
    try {
      return [decodeURIComponent(key), decodeURIComponent(value)];
    } catch {
      throw new ExperimentError('link', part, 'percent-encoded UTF-8');
    }
  });
  const [[form, value] = ['', ''], ...rest] = parts;
  const repeated = rest.find(([path], i) => rest.findIndex(([other]) => other === path) !== i);
  if (repeated) throw new ExperimentError(repeated[0], repeated[1], 'a path of the document, once');
  if (form === 'preset') return decodeChanges(value, rest);
  if (form === 'document' && rest.length === 0) return decodeDocument(value);
  throw new ExperimentError('link', text, FORM);
}
