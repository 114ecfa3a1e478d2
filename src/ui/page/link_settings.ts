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

/** @throws ExperimentError for what is none of the names */
export function oneOf<Name extends string>(path: string, text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new ExperimentError(path, text, names.map((name) => `"${name}"`).join(', '));
  return found;
}
