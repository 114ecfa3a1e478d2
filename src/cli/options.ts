import { parseArgs } from 'node:util';
import { CallError } from './command';

/** What a command was called with. */
export interface Options<Name extends string> {
  readonly values: Partial<Record<Name, string>>;
  /** Options without a value that are there. */
  readonly flags: ReadonlySet<string>;
  readonly positionals: readonly string[];
}

/**
 * The options of a call, each of which may be there once.
 * @param allowed for each option that has a value, what that may be, in words
 * @param flags options that have none
 * @throws CallError
 */
export function readOptions<Name extends string>(
  args: readonly string[],
  allowed: Readonly<Record<Name, string>>,
  flags: readonly string[] = [],
): Options<Name> {
  const isValued = (name: string): name is Name => Object.hasOwn(allowed, name);
  const type = (name: string) => (flags.includes(name) ? 'boolean' : 'string');
  const names = [...Object.keys(allowed), ...flags];
  // Tokens rather than values: these drop an option that is given twice, and miss one without its value.
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(names.map((name) => [name, { type: type(name) }] as const)),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Partial<Record<Name, string>> = {};
  const found = new Set<string>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    if (!isValued(name) && !flags.includes(name))
      throw new CallError(rawName, 'no such option', names.map((name) => `--${name}`).join(', '));
    if (found.has(name)) throw new CallError(rawName, 'it twice', 'once');
    found.add(name);
    if (!isValued(name)) {
      if (value !== undefined) throw new CallError(rawName, `"${value}"`, 'no value');
      continue;
    }
    if (!value || (!inlineValue && value.startsWith('--')))
      throw new CallError(rawName, value ? `"${value}"` : 'nothing', allowed[name]);
    values[name] = value;
  }
  return { values, flags: new Set(flags.filter((flag) => found.has(flag))), positionals };
}
