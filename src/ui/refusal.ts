import { isWithin } from '../experiment/path';
import type { ExperimentError } from '../experiment/types';
import { entryHint } from './entry';
import { inWords, parameterLabel } from './parameter_names';

/** What was entered into a field and not accepted. */
export interface Refusal {
  /** As it was typed. */
  text: string;
  /** Why, and what is allowed. */
  words: string;
}

/** What a refusal has to know of a field. */
export interface Field {
  id: string;
  name: string;
  paths: readonly string[];
  /** In words, by value, where it is chosen. */
  options?: ReadonlyMap<string, string> | 'switch';
}

/** Characters of what was typed that a message repeats. */
const MOST_QUOTED = 80;

/** The words of a refusal: they name the field as the page does, and quote what was typed as it was typed. */
export function refusal(field: Field, text: string, error: ExperimentError): Refusal {
  const begin = `${field.name}: ${quoted(field, text)} is not allowed`;
  const own = field.paths.some((path) => isWithin(error.path, path)) || error.path === field.id;
  const hint = own && entryHint(text);
  const allowed = `${allowedWords(error)}${hint ? ` (${hint})` : ''}`;
  return {
    text,
    words: own ? `${begin}; allowed: ${allowed}` : `${begin}: with it, ${elsewhere(error, allowed)}`,
  };
}

function quoted({ options }: Field, text: string): string {
  if (text === '') return 'an empty entry';
  const words = typeof options === 'object' ? (options.get(text) ?? text) : text;
  const clipped = words.length > MOST_QUOTED ? `${words.slice(0, MOST_QUOTED - 1)}…` : words;
  return /^\S+$/.test(clipped) ? clipped : `“${clipped}”`;
}

function allowedWords({ allowed }: ExperimentError): string {
  return inWords(
    allowed
      .replace(/^the path of a number (.*?), model\.depth or model\.width$/, 'a number $1')
      .replace(/^a list of \d+ numbers, one for each weight layer$/, 'one number, or $&'),
  );
}

function elsewhere({ path, value }: ExperimentError, allowed: string): string {
  const now = typeof value === 'number' || typeof value === 'string' ? ` (it is ${value})` : '';
  if (/^axes\.[xy]\.parameter$/.test(path))
    return `the ${parameterLabel(path)} would no longer have ${parameterLabel(String(value))} to sweep, and needs ${allowed}`;
  const [, axis] = /^(axes\.[xy])\.(?:from|to)$/.exec(path) ?? [];
  if (axis) return `the ${parameterLabel(axis)} may sweep only ${allowed}`;
  return `${subject(path)} must be ${allowed}${now}`;
}

function subject(path: string): string {
  const arm = /^arms\[(\d+)\]/.exec(path);
  return arm ? `what arm ${Number(arm[1]) + 1} sets` : parameterLabel(path);
}
