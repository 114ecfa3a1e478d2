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

/** How the document says that an axis has nothing to sweep. */
const NO_NUMBER = /^the path of a number (.*?), model\.depth or model\.width$/;

function allowedWords({ allowed }: ExperimentError): string {
  return inWords(
    allowed
      .replace(NO_NUMBER, 'a number $1')
      .replace(/^a list of \d+ numbers, one for each weight layer$/, 'one number, or $&'),
  );
}

function elsewhere({ path, value, allowed: needed }: ExperimentError, allowed: string): string {
  const [, axis, part] = /^(axes\.[xy])\.(parameter|from|to)$/.exec(path) ?? [];
  if (axis && part !== 'parameter') return `the ${parameterLabel(axis)} may sweep only ${allowed}`;
  if (axis && NO_NUMBER.test(needed))
    return `the ${parameterLabel(axis)} would have no ${parameterLabel(String(value))} to sweep`;
  const now =
    typeof value === 'number' || typeof value === 'string' ? ` (it is ${parameterLabel(`${value}`)})` : '';
  return `${subject(path)} must be ${allowed}${now}`;
}

function subject(path: string): string {
  const arm = /^arms\[(\d+)\]/.exec(path);
  return arm ? `what arm ${Number(arm[1]) + 1} sets` : parameterLabel(path);
}
