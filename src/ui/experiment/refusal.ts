import { isWithin } from '../../experiment/path';
import type { Arm, ExperimentError } from '../../experiment/types';
import { clipped, entryHint } from './entry';
import { inWords, parameterLabel } from '../../view/parameter_names';

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
  /** What is allowed besides what the document says. */
  also?: string;
  /** In words, by value, where it is chosen. */
  options?: ReadonlyMap<string, string> | 'switch';
}

/** Characters of what was typed that a message repeats. */
const MOST_QUOTED = 80;
/** Of an arm's name. */
const MOST_OF_NAME = 40;

/** The words of a refusal: they name the field as the page does, and quote what was typed as it was typed. */
export function refusal(field: Field, text: string, error: ExperimentError, arms: readonly Arm[]): Refusal {
  const own = field.paths.some((path) => isWithin(error.path, path)) || error.path === field.id;
  const allowed = allowedWords(error);
  const reason = own
    ? `; allowed: ${allowed}${also(field, allowed)}${hint(text)}`
    : `: ${elsewhere(error, arms)}`;
  return { text, words: `${field.name}: ${quoted(field, text)} is not allowed${reason}` };
}

/** The words for lists that the document has itself suffice. */
function also({ also = '' }: Field, allowed: string): string {
  return also === '' || (also.startsWith('a list') && allowed.includes('a list')) ? '' : `, or ${also}`;
}

function hint(text: string): string {
  const words = entryHint(text);
  return words && ` (${words})`;
}

function quoted({ options }: Field, text: string): string {
  if (text === '') return 'an empty entry';
  const words = typeof options === 'object' ? (options.get(text) ?? text) : text;
  const quote = clipped(words, MOST_QUOTED);
  return /^\S+$/.test(quote) ? quote : `“${quote}”`;
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

/** What stands in the way in another field, or in an arm. */
function elsewhere(error: ExperimentError, arms: readonly Arm[]): string {
  const { path, value } = error;
  const [, axis, part] = /^(axes\.[xy])\.(parameter|from|to)$/.exec(path) ?? [];
  if (axis && part !== 'parameter')
    return `with it, the ${parameterLabel(axis)} may sweep only ${allowedWords(error)}`;
  if (axis && NO_NUMBER.test(error.allowed))
    return `with it, the ${parameterLabel(axis)} would have no ${parameterLabel(String(value))} to sweep`;
  const [, index] = /^arms\[(\d+)\]/.exec(path) ?? [];
  const arm =
    index === undefined ? undefined : `arm “${clipped(arms[Number(index)]?.name ?? index, MOST_OF_NAME)}”`;
  if (arm && error.allowed === 'a parameter that no axis sweeps') return `${arm} sets it`;
  const now =
    typeof value === 'number' || typeof value === 'string' ? ` (it is ${parameterLabel(`${value}`)})` : '';
  return `with it, ${arm ? `what ${arm} sets` : parameterLabel(path)} must be ${allowedWords(error)}${now}`;
}
