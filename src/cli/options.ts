import { parseArgs } from 'node:util';
import { CallError, quoted } from './command';
import { EXIT } from './exit.mjs';

/** How a command is called, in words that its help and its complaints share. */
export interface Usage<Name extends string = string> {
  /** The call, with all that it must have. */
  readonly call: string;
  readonly purpose: string;
  /** For each option that has a value, what that may be. */
  readonly allowed: Readonly<Record<Name, string>>;
  /** What an option is where it is not given. */
  readonly defaults: Readonly<Partial<Record<Name, string | number>>>;
  /** For each option that has no value, what it does. */
  readonly flags: Readonly<Record<string, string>>;
  readonly statuses: Statuses;
}

/** What each exit status says. */
type Statuses = Readonly<Record<(typeof EXIT)[keyof typeof EXIT], string>>;

export const COMMON_STATUSES: Statuses = {
  [EXIT.done]: 'done',
  [EXIT.failed]: 'failed, by an error in normscape',
  [EXIT.wrong]: 'a wrong call',
  [EXIT.noAdapter]: 'no graphics adapter',
  [EXIT.deviceLost]: 'the graphics device was lost again and again',
  [EXIT.unwritable]: 'the results could not be written',
  [EXIT.interrupted]: 'interrupted',
};

/** Every command has these; the launcher heeds `--verbose`, and the other two are answered before an option is read. */
export const COMMON_FLAGS = {
  verbose: 'also prints what the GPU library says',
  help: 'prints this text',
  version: 'prints the version',
} as const;

/** What a command was called with. */
export interface Options<Name extends string> {
  readonly values: Partial<Record<Name, string>>;
  /** Options without a value that are there. */
  readonly flags: ReadonlySet<string>;
  readonly positionals: readonly string[];
}

/**
 * The options of a call, each of which may be there once.
 * @throws CallError
 */
export function readOptions<Name extends string>(args: readonly string[], usage: Usage<Name>): Options<Name> {
  const { allowed } = usage;
  const isValued = (name: string): name is Name => Object.hasOwn(allowed, name);
  const isFlag = (name: string) => Object.hasOwn(usage.flags, name);
  // Tokens rather than values: these drop an option that is given twice, and miss one without its value.
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      namesOf(usage).map((name) => [name, { type: isFlag(name) ? 'boolean' : 'string' }] as const),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Partial<Record<Name, string>> = {};
  const flags = new Set<string>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    if (!isValued(name) && !isFlag(name)) throw new CallError(rawName, 'no such option', optionList(usage));
    if (flags.has(name) || Object.hasOwn(values, name)) throw new CallError(rawName, 'it twice', 'once');
    if (!isValued(name)) {
      if (value !== undefined) throw new CallError(rawName, quoted(value), 'no value');
      flags.add(name);
      continue;
    }
    if (!value || (!inlineValue && value.startsWith('--')))
      throw new CallError(rawName, value ? quoted(value) : 'nothing', allowed[name]);
    values[name] = value;
  }
  return { values, flags, positionals };
}

function namesOf({ allowed, flags }: Usage): string[] {
  return [...Object.keys(allowed), ...Object.keys(flags)];
}

export function optionList(usage: Usage): string {
  return namesOf(usage)
    .map((name) => `--${name}`)
    .join(', ');
}
