import { ExperimentError } from '../../experiment/types';

/** Begins the names of the page's settings in a link; no path of a document begins so. */
export const PREFIX = 'view.';

/** One setting of the page as a link holds it. */
export interface LinkSetting<Value> {
  /** Its name in the link, behind PREFIX. */
  readonly key: string;
  /**
   * @param experiment as the link writes it
   * @returns nothing for the value of a first open, which links leave out
   */
  encode(value: Value, experiment: string): string | undefined;
  /**
   * @param text nothing where the link leaves it out
   * @throws ExperimentError
   */
  decode(text: string | undefined, experiment: string): Value;
}

/** The settings that make up a part of the page's state, in the order of its links. */
export type LinkSettings<Part> = { readonly [Name in keyof Part]: LinkSetting<Part[Name]> };

/** A setting that is one of some names. */
export function choice<Name extends string>(
  key: string,
  names: readonly Name[],
  first: NoInfer<Name>,
): LinkSetting<Name> {
  return {
    key,
    encode: (name) => (name === first ? undefined : name),
    decode: (text = first) => oneOf(PREFIX + key, text, names),
  };
}

/** A setting that is on or off. */
export function onOff(key: string, first: boolean): LinkSetting<boolean> {
  const { encode, decode } = choice(key, ['on', 'off'], first ? 'on' : 'off');
  return {
    key,
    encode: (isOn, experiment) => encode(isOn ? 'on' : 'off', experiment),
    decode: (text, experiment) => decode(text, experiment) === 'on',
  };
}

/** What a number may be. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

export type NumberKind = 'real' | 'whole';

/** A setting that is a number of a range. */
export function numberSetting(
  key: string,
  range: Range,
  first: number,
  kind: NumberKind = 'real',
): LinkSetting<number> {
  return {
    key,
    encode: (value) => (value === first ? undefined : String(value)),
    decode: (text) => (text === undefined ? first : parseNumber(key, text, range, kind)),
  };
}

/** A setting that is such a number, or nothing while it follows from something else. */
export function optionalNumber(
  key: string,
  range: Range,
  kind: NumberKind = 'real',
): LinkSetting<number | undefined> {
  return {
    key,
    encode: (value) => (value === undefined ? undefined : String(value)),
    decode: (text) => (text === undefined ? undefined : parseNumber(key, text, range, kind)),
  };
}

/**
 * @param key of a setting
 * @throws ExperimentError for what is no number of the range
 */
export function parseNumber(
  key: string,
  text: string,
  { least, most }: Range,
  kind: NumberKind = 'real',
): number {
  const value = text === '' ? Number.NaN : Number(text);
  if (value >= least && value <= most && (kind === 'real' || Number.isInteger(value))) return value;
  throw new ExperimentError(
    PREFIX + key,
    text,
    `a ${kind === 'whole' ? 'whole number' : 'number'} from ${least} to ${most}`,
  );
}

/** @throws ExperimentError for what is none of the names */
export function oneOf<Name extends string>(path: string, text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new ExperimentError(path, text, names.map((name) => `"${name}"`).join(', '));
  return found;
}
