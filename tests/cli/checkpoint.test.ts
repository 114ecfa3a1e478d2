import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Checkpoint } from '../../src/cli/checkpoint';
import { CallError } from '../../src/cli/command';
import { UnwritableError } from '../../src/cli/writing';
import { batchOf, rowsOf, type TrialResult } from '../../src/scheduler/results';
import { temporaryFolder } from './commands';

const IDENTITY = { experiment: 'abc', engine: 'layered', adapter: 'Größer GPU', version: '1.2.3' };
const TRIALS = 8;

const OUTCOMES: TrialResult[] = [
  {
    trial: 7,
    class: 'diverged',
    state: 'diverged',
    score: 0.1 + 0.2,
    lossInitial: Number.MIN_VALUE,
    lossFinal: NaN,
    lossMin: -Infinity,
    lossMax: 0,
    saturation: 0,
    divergedAt: 3,
  },
  {
    trial: 0,
    class: 'converged',
    state: 'dead',
    score: -Math.PI,
    lossInitial: Infinity,
    lossFinal: 1 / 3,
    lossMin: 1e300,
    lossMax: 0,
    saturation: 0,
    divergedAt: -1,
  },
];

const newFile = () => join(temporaryFolder(), 'checkpoint.jsonl');
const openAt = (file: string, identity = IDENTITY) => Checkpoint.open(file, identity, TRIALS);

test('outcomes come back to the last bit, and faults with them', () => {
  const file = newFile();
  const first = openAt(file);
  expect(rowsOf(first.kept)).toEqual([]);
  first.add(batchOf(OUTCOMES.slice(0, 1)));
  first.addFault('GPU: „1\n2“');
  first.add(batchOf(OUTCOMES.slice(1)));
  const second = openAt(file);
  expect(rowsOf(second.kept)).toStrictEqual(OUTCOMES);
  second.addFault('again');
  expect(second.faults).toEqual(['GPU: „1\n2“', 'again']);
  expect(openAt(file).faults).toEqual(second.faults);
  second.remove();
  expect(existsSync(file)).toBe(false);
});

test('a torn last line is dropped, and the next one starts afresh', () => {
  const file = newFile();
  openAt(file).add(batchOf(OUTCOMES.slice(0, 1)));
  const whole = readFileSync(file);
  openAt(file).add(batchOf(OUTCOMES.slice(1)));
  const both = readFileSync(file);
  for (let length = whole.length; length < both.length; length += 1) {
    writeFileSync(file, both.subarray(0, length));
    const torn = openAt(file);
    expect(rowsOf(torn.kept)).toStrictEqual(OUTCOMES.slice(0, 1));
    torn.add(batchOf(OUTCOMES.slice(1)));
    expect(readFileSync(file)).toEqual(both);
  }
  const header = whole.indexOf('\n');
  for (const length of [0, 1, 12, header]) {
    writeFileSync(file, both.subarray(0, length));
    expect(rowsOf(openAt(file).kept)).toEqual([]);
    expect(readFileSync(file)).toEqual(both.subarray(0, header + 1));
  }
});

test.each([
  ['experiment', /with another experiment, /],
  ['engine', /with another engine, /],
  ['adapter', /with another adapter, /],
  ['version', /with another version of normscape, /],
] as const)('that of another %s is refused and left alone', (key, message) => {
  const file = newFile();
  openAt(file).add(batchOf(OUTCOMES));
  appendFileSync(file, '[[1,');
  const before = readFileSync(file, 'utf8');
  const open = () => openAt(file, { ...IDENTITY, [key]: 'other' });
  expect(open).toThrow(CallError);
  expect(open).toThrow(message);
  expect(readFileSync(file, 'utf8')).toBe(before);
});

/** A line with the check sum that belongs to it. */
const sealed = (text: string) => `{"crc32":"${crc32(text).toString(16).padStart(8, '0')}",${text.slice(1)}\n`;
const LOSSES = ['2', '3', '4'];
const row = (
  trial: unknown,
  name: unknown,
  step: unknown = -1,
  score: unknown = '1',
  state: unknown = 'stuck',
) => JSON.stringify({ trials: [[trial, name, state, step, score, ...LOSSES]] });
const outcome = (trial: unknown) => row(trial, 'converged');
const score = (text: unknown) => row(1, 'converged', -1, text);
const until = (step: unknown) => row(1, 'diverged', step);

const HEADER = sealed(JSON.stringify({ format: 'normscape/checkpoint', ...IDENTITY }));
const FIRST = sealed(outcome(5));
const SECOND = sealed(
  JSON.stringify({ trials: [[6, 'diverged', 'diverged', 12, '0.75', '2', 'NaN', '-Infinity']] }),
);
const FILE = HEADER + FIRST + SECOND;

describe('damage is refused by its line, and left alone', () => {
  test.each<[what: string, text: string, line: number, words: string]>([
    // What was written has changed.
    ['a digit of a score', FILE.replace('"0.75"', '"0.76"'), 3, 'another check sum'],
    ['a digit of a loss', FILE.replace('"3"', '"8"'), 2, 'another check sum'],
    ['a digit of a step', FILE.replace(',12,', ',13,'), 3, 'another check sum'],
    ['a trial', FILE.replace('[[6,', '[[4,'), 3, 'another check sum'],
    ['a class', FILE.replace('diverged', 'stalled'), 3, 'another check sum'],
    ['a check sum', FILE.replace(FIRST.slice(10, 18), '00000000'), 2, 'another check sum'],
    ['no check sum', `${HEADER}${outcome(5)}\n${SECOND}`, 2, 'no check sum'],
    ['a check sum in capitals', FILE.replace(/crc32":"[0-9a-f]+"/, 'crc32":"ABCDEF01"'), 1, 'no check sum'],
    ['the engine', FILE.replace('layered', 'fused'), 1, 'another check sum'],
    ['a line twice', HEADER + FIRST + FIRST, 3, 'trial 5 twice'],
    ['an empty line', `${HEADER}\n${FIRST}`, 2, 'no check sum'],
    ['a line cut short', `${HEADER}${FIRST.slice(0, -20)}\n${SECOND}`, 2, 'another check sum'],
    ['the start of a line lost', HEADER + FIRST.slice(20) + SECOND, 2, 'no check sum'],
    ['two lines run together', HEADER + FIRST.trimEnd() + SECOND, 2, 'another check sum'],
    ['a hole of zeros', `${HEADER}${'\0'.repeat(FIRST.length - 1)}\n${SECOND}`, 2, 'no check sum'],
    ['a line end of Windows', FILE.replaceAll('\n', '\r\n'), 1, 'another check sum'],
    ['the header lost', FIRST + SECOND, 1, 'no header'],
    ['the header twice', HEADER + HEADER + FIRST, 2, 'neither outcomes nor a fault'],
    ['notes', 'my notes\n', 1, 'no check sum'],
    ['notes without an end', 'my notes', 1, 'no header'],
    ['another document', sealed('{"format":"normscape/experiment"}'), 1, 'no header'],
    // What no sweep writes has the right check sum.
    ['no JSON', HEADER + sealed('{"trials":[[}'), 2, 'no such line'],
    ['nothing', HEADER + sealed('{}'), 2, 'neither outcomes nor a fault'],
    ['outcomes that are none', HEADER + sealed('{"trials":7}'), 2, 'neither outcomes nor a fault'],
    ['outcomes and a fault', HEADER + sealed('{"trials":[],"fault":"x"}'), 2, 'neither outcomes nor'],
    ['a fault that is no text', HEADER + sealed('{"fault":7}'), 2, 'neither outcomes nor a fault'],
    ['an outcome that is none', HEADER + sealed('{"trials":[7]}'), 2, 'an outcome without 8 fields'],
    [
      'a field too few',
      HEADER + sealed('{"trials":[[1,"stalled","stuck",-1,"1","2","3"]]}'),
      2,
      'an outcome without 8 fields',
    ],
    ['a broken trial', HEADER + sealed(outcome(3.7)), 2, 'no such trial: 3.7'],
    ['a trial that wraps', HEADER + sealed(outcome(2 ** 32 + 2)), 2, 'no such trial: 4294967298'],
    ['a trial beyond the grid', HEADER + sealed(outcome(TRIALS)), 2, 'no such trial: 8'],
    ['a trial before the grid', HEADER + sealed(outcome(-1)), 2, 'no such trial: -1'],
    ['a trial as text', HEADER + sealed(outcome('1')), 2, 'no such trial: "1"'],
    [
      'a trial twice in a line',
      HEADER + sealed(outcome(1).replace(/\[(\[.*\])\]/, '[$1,$1]')),
      2,
      'trial 1 twice',
    ],
    ['a class that is none', HEADER + sealed(row(1, 'won')), 2, 'no such class: "won"'],
    [
      'a state that is none',
      HEADER + sealed(row(1, 'converged', -1, '1', 'rich')),
      2,
      'no such state: "rich"',
    ],
    ['a score that is none', HEADER + sealed(score('abc')), 2, 'no such score: "abc"'],
    ['a score that is a number', HEADER + sealed(score(1)), 2, 'no such score: 1'],
    ['no score', HEADER + sealed(score('')), 2, 'no such score: ""'],
    ['a score written otherwise', HEADER + sealed(score('0x10')), 2, 'no such score: "0x10"'],
    ['a score of too many digits', HEADER + sealed(score('0.1000000000000000055')), 2, 'no such score'],
    ['a broken step', HEADER + sealed(until(1.5)), 2, 'no such step: 1.5'],
    ['no step', HEADER + sealed(until(null)), 2, 'no such step: null'],
    ['a step that wraps', HEADER + sealed(until(2 ** 31)), 2, 'no such step: 2147483648'],
  ])('%s', (_what, text, line, words) => {
    const file = newFile();
    writeFileSync(file, text);
    expect(() => openAt(file)).toThrow(CallError);
    expect(() => openAt(file)).toThrow(`damaged in line ${line}: ${words}`);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('of which the undamaged file has none', () => {
    const file = newFile();
    writeFileSync(file, FILE);
    expect(Array.from(openAt(file).kept.trial)).toEqual([5, 6]);
  });
});

test('what cannot be read is refused', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => openAt(join(file, 'checkpoint.jsonl'))).toThrow(/^--out: found .*\(ENOTDIR\)/);
  mkdirSync(join(folder, 'checkpoint.jsonl'));
  expect(() => openAt(join(folder, 'checkpoint.jsonl'))).toThrow(/^--out: found .*\(EISDIR\)/);
});

test('what cannot be written is said by its file', () => {
  const file = newFile();
  const checkpoint = openAt(file);
  checkpoint.remove();
  expect(() => checkpoint.add(batchOf(OUTCOMES))).toThrow(UnwritableError);
  expect(() => checkpoint.addFault('x')).toThrow(/checkpoint\.jsonl cannot be written \(ENOENT\)$/);
  expect(existsSync(file)).toBe(false);
});
