import { version } from '../../package.json';
import type { Usage } from './options';

/** What `--help` or `--version` prints, whatever else is wrong with the call; nothing where it has neither. */
export function answerTo(args: readonly string[], usage: Usage): string | undefined {
  if (args.includes('--help')) return helpText(usage);
  if (args.includes('--version')) return `normscape ${version}\n`;
  return undefined;
}

function helpText({ call, purpose, allowed, defaults, flags, statuses }: Usage): string {
  const options = Object.entries({ ...allowed, ...flags }).map(([name, words]) => {
    const otherwise = defaults[name];
    return [`--${name}`, otherwise === undefined ? words : `${words} (default: ${otherwise})`] as const;
  });
  const parts = [
    [`usage: ${call}`],
    [purpose],
    ['options:', ...table(options)],
    ['exit status:', ...table(Object.entries(statuses))],
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function table(rows: readonly (readonly [name: string, words: string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, words]) => `  ${name.padEnd(width)}  ${words}`);
}
