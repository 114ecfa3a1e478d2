import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Checkpoint } from '../../src/cli/checkpoint';
import { CallError } from '../../src/cli/command';
import { batchOf, rowsOf, type TrialResult } from '../../src/scheduler/results';
import { temporaryFolder } from './commands';

const IDENTITY = { experiment: 'abc', engine: 'layered', adapter: 'Größer GPU', version: '1.2.3' };

const OUTCOMES: TrialResult[] = [
  {
    trial: 7,
    class: 'diverged',
    score: 0.1 + 0.2,
    lossInitial: Number.MIN_VALUE,
    lossFinal: NaN,
    lossMin: -Infinity,
    divergedAt: 3,
  },
  {
    trial: 0,
    class: 'converged',
    score: -Math.PI,
    lossInitial: Infinity,
    lossFinal: 1 / 3,
    lossMin: 1e300,
    divergedAt: -1,
  },
];

test('outcomes come back to the last bit', () => {
  const file = join(temporaryFolder(), 'new', 'folder', 'checkpoint.jsonl');
  const first = Checkpoint.open(file, IDENTITY);
  expect(rowsOf(first.kept)).toEqual([]);
  first.add(batchOf(OUTCOMES.slice(0, 1)));
  first.add(batchOf(OUTCOMES.slice(1)));
  const second = Checkpoint.open(file, IDENTITY);
  expect(rowsOf(second.kept)).toStrictEqual(OUTCOMES);
  second.remove();
  expect(existsSync(file)).toBe(false);
});

test('a torn last line is dropped, and the next one starts afresh', () => {
  const file = join(temporaryFolder(), 'checkpoint.jsonl');
  Checkpoint.open(file, IDENTITY).add(batchOf(OUTCOMES.slice(0, 1)));
  const whole = readFileSync(file);
  Checkpoint.open(file, IDENTITY).add(batchOf(OUTCOMES.slice(1)));
  const both = readFileSync(file);
  for (let length = whole.length; length < both.length; length += 1) {
    writeFileSync(file, both.subarray(0, length));
    const torn = Checkpoint.open(file, IDENTITY);
    expect(rowsOf(torn.kept)).toStrictEqual(OUTCOMES.slice(0, 1));
    torn.add(batchOf(OUTCOMES.slice(1)));
    expect(readFileSync(file)).toEqual(both);
  }
  const header = whole.indexOf('\n');
  for (const length of [0, 1, header]) {
    writeFileSync(file, both.subarray(0, length));
    expect(rowsOf(Checkpoint.open(file, IDENTITY).kept)).toEqual([]);
    expect(readFileSync(file)).toEqual(both.subarray(0, header + 1));
  }
});

test.each([
  ['experiment', /with another experiment, /],
  ['engine', /with another engine, /],
  ['adapter', /with another adapter, /],
  ['version', /with another version of normscape, /],
] as const)('that of another %s is refused and left alone', (key, message) => {
  const file = join(temporaryFolder(), 'checkpoint.jsonl');
  Checkpoint.open(file, IDENTITY).add(batchOf(OUTCOMES));
  appendFileSync(file, '[[1,');
  const before = readFileSync(file, 'utf8');
  const open = () => Checkpoint.open(file, { ...IDENTITY, [key]: 'other' });
  expect(open).toThrow(CallError);
  expect(open).toThrow(message);
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('what is no checkpoint is refused and left alone', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'checkpoint.jsonl');
  Checkpoint.open(file, IDENTITY);
  const header = readFileSync(file, 'utf8');
  for (const [text, line] of [
    ['my notes\n', 1],
    ['{"format":"normscape/experiment"}\n', 1],
    [`${header}[[1,"won","1","1","1","1",-1]]\n`, 2],
    [`${header}{}\n`, 2],
    [`${header}[7]\n`, 2],
    [`${header}[[1,"converged",1,"1","1","1",-1]]\n`, 2],
    [`${header}[["1","converged","1","1","1","1",-1]]\n`, 2],
    [`${header}[[1,"converged","1","1","1","1"]]\n`, 2],
    [`${header}[[1,"converged","1","1","1","1",null]]\n`, 2],
    [`${header}[]\n[[1\n[]\n`, 3],
  ] as const) {
    writeFileSync(file, text);
    expect(() => Checkpoint.open(file, IDENTITY)).toThrow(`damaged in line ${line}`);
    expect(readFileSync(file, 'utf8')).toBe(text);
  }
  expect(() => Checkpoint.open(join(file, 'checkpoint.jsonl'), IDENTITY)).toThrow(
    /^--out: found .*\(ENOTDIR\)/,
  );
  mkdirSync(join(folder, 'x', 'checkpoint.jsonl'), { recursive: true });
  expect(() => Checkpoint.open(join(folder, 'x', 'checkpoint.jsonl'), IDENTITY)).toThrow(
    /^--out: found .*\(EISDIR\)/,
  );
});
