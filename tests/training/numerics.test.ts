import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NUMERICS } from '../../src/training/numerics';
import recorded from './numerics.json';

/** Whatever decides which bits come out of a trial, as far as it stands in texts of its own: kernels, twins, data and first parameters. */
const TEXTS = Object.entries({
  ...import.meta.glob<string>('../../shaders/**/*.wgsl', { query: '?raw', import: 'default', eager: true }),
  ...import.meta.glob<string>(
    ['../../src/reference/**/*.ts', '../../src/experiment/{data,initialization,random}.ts'],
    { query: '?raw', import: 'default', eager: true },
  ),
}).map(([path, text]): [string, string] => [path.slice('../../'.length), text]);

const COMMAND = 'RECORD_NUMERICS=1 npx vitest run --project gpu tests/training/numerics.test.ts';

interface Recorded {
  readonly numerics: number;
  /** By file. */
  readonly digests: Readonly<Record<string, string>>;
}

/** A text without comments and white space: what is left is what computes. */
function bare(text: string): string {
  return text
    .replace(/("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\/.*|\/\*[^]*?\*\//g, '$1 ')
    .replace(/\s+/g, ' ')
    .replace(/ ?(\W) ?/g, '$1')
    .trim();
}

function recordOf(texts: readonly (readonly [string, string])[], numerics: number): Recorded {
  const digest = (text: string) => createHash('sha256').update(bare(text)).digest('hex').slice(0, 16);
  const digests = texts.map(([path, text]) => [path, digest(text)] as const);
  return { numerics, digests: Object.fromEntries(digests.toSorted(([a], [b]) => (a < b ? -1 : 1))) };
}

/** What is to be done where the texts are not those that were recorded; nothing where they are. */
function wordsFor(before: Recorded, now: Recorded): string | undefined {
  const files = [...new Set([...Object.keys(before.digests), ...Object.keys(now.digests)])];
  const changed = files.filter((file) => before.digests[file] !== now.digests[file]);
  const record = `record the digests again: ${COMMAND}`;
  if (before.numerics !== now.numerics) return `NUMERICS is now ${now.numerics}: ${record}`;
  if (changed.length === 0) return undefined;
  return [
    `${changed.join(', ')}: changed since version ${now.numerics} of the numerics.`,
    `If any result may change by it, raise NUMERICS in src/training/numerics.ts to ${now.numerics + 1}, so that no result of before is reused; then, or if no result can change, ${record}`,
  ].join('\n');
}

const now = recordOf(TEXTS, NUMERICS);
if (process.env['RECORD_NUMERICS'])
  writeFileSync(join(import.meta.dirname, 'numerics.json'), `${JSON.stringify(now, null, 2)}\n`);

test.skipIf(process.env['RECORD_NUMERICS'])(
  'kernels and twins are those of this version of the numerics',
  () => {
    expect(wordsFor(recorded, now)).toBeUndefined();
  },
);

describe('a text that changes', () => {
  const KERNEL = 'shaders/sgd_update.wgsl';
  const edited = (path: string, edit: (text: string) => string) =>
    wordsFor(
      now,
      recordOf(
        TEXTS.map(([file, text]) => [file, file === path ? edit(text) : text]),
        NUMERICS,
      ),
    );

  test.each([KERNEL, 'shaders/fused/judging.wgsl', 'src/reference/matmul.ts', 'src/experiment/data.ts'])(
    'asks for another version: %s',
    (path) => {
      const words = edited(path, (text) => bare(text).replace(/\d/, (digit) => `${9 - Number(digit)}`))!;
      expect(words.startsWith(`${path}: changed`)).toBe(true);
      expect(words).toContain(`raise NUMERICS in src/training/numerics.ts to ${NUMERICS + 1}`);
      expect(words).toContain(COMMAND);
    },
  );

  test('asks for nothing where it is a comment, or how it is set', () => {
    const set = (text: string) => `// another line\n/* and\n * block */\n${text.replaceAll('\n', '\n\n   ')}`;
    for (const [path] of TEXTS) expect(edited(path, set), path).toBeUndefined();
  });

  test('asks for it by a file that is new, or gone', () => {
    const added = recordOf([...TEXTS, ['shaders/new.wgsl', 'fn f() {}']], NUMERICS);
    expect(wordsFor(now, added)).toMatch(/^shaders\/new\.wgsl: changed/);
    expect(wordsFor(added, now)).toMatch(/^shaders\/new\.wgsl: changed/);
  });

  test('is recorded again with a raised version', () => {
    expect(wordsFor(now, { ...now, numerics: NUMERICS + 1 })).toBe(
      `NUMERICS is now ${NUMERICS + 1}: record the digests again: ${COMMAND}`,
    );
  });

  test('is seen through words and numbers, not set tighter than it is', () => {
    expect(bare('let x = a - -b; // "no"\nlet s = "a // b";')).toBe('let x=a--b;let s="a//b";');
    expect(bare('return x')).not.toBe(bare('returnx'));
  });
});

test('all kernels and twins are among the texts', () => {
  for (const path of ['shaders/train_fused.wgsl', 'shaders/shared/philox.wgsl', 'src/reference/philox.ts'])
    expect(TEXTS.map(([file]) => file)).toContain(path);
  expect(TEXTS.filter(([file]) => file.startsWith('src/experiment/'))).toHaveLength(3);
});
