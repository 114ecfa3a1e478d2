import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Checkpoint } from '../../src/cli/checkpoint';
import { CallError } from '../../src/cli/command';
import { UnwritableError } from '../../src/cli/writing';
import { COLUMN_LAYOUT, encodeBatch } from '../../src/scheduler/column_codec';
import { batchOf, rowsOf, type TrialResult } from '../../src/scheduler/results';
import { trialResult } from '../trial_results';
import { temporaryFolder } from './commands';

const IDENTITY = {
  experiment: 'abc',
  engine: 'layered',
  adapter: 'Größer GPU',
  shape: 'quad-4-storage-columns',
  version: '1.2.3',
  columns: COLUMN_LAYOUT,
  numerics: 4,
  part: '',
};
const TRIALS = 8;

const OUTCOMES = [
  trialResult({ trial: 7, class: 'diverged', score: 0.1 + 0.2, lossFinal: NaN, lossMin: -Infinity }),
  trialResult({ trial: 0, state: 'dead', score: -Math.PI, lossInitial: Infinity, lossFinal: 1 / 3 }),
];

const newFile = () => join(temporaryFolder(), 'checkpoint.jsonl');
const openAt = (file: string, identity = IDENTITY) => Checkpoint.open(file, identity, TRIALS);

test('what a checkpoint is of is read without it being opened, where it can be', () => {
  const file = newFile();
  expect(Checkpoint.identityIn(file)).toBeUndefined();
  openAt(file);
  expect(Checkpoint.identityIn(file)).toMatchObject(IDENTITY);
  writeFileSync(file, readFileSync(file, 'utf8').replace('abc', 'abd'));
  expect(Checkpoint.identityIn(file)).toBeUndefined();
});

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
  ['shape', /with another shape, /],
  ['version', /with another version of normscape, /],
  ['numerics', /with another version of its numerics, /],
  ['part', /with another part, /],
] as const)('that of another %s is refused and left alone', (key, message) => {
  const file = newFile();
  openAt(file).add(batchOf(OUTCOMES));
  appendFileSync(file, '[[1,');
  const before = readFileSync(file, 'utf8');
  const open = () => openAt(file, { ...IDENTITY, [key]: key === 'numerics' ? 5 : 'other' });
  expect(open).toThrow(CallError);
  expect(open).toThrow(message);
  expect(readFileSync(file, 'utf8')).toBe(before);
});

/** A line with the check sum that belongs to it. */
const sealed = (text: string) => `{"crc32":"${crc32(text).toString(16).padStart(8, '0')}",${text.slice(1)}\n`;
const base64 = (results: readonly TrialResult[]) =>
  Buffer.from(encodeBatch(batchOf(results))).toString('base64');
const line = (...results: TrialResult[]) => JSON.stringify({ outcomes: base64(results) });
const outcome = (trial: number) => line(trialResult({ trial }));

const OWN = { format: 'normscape/checkpoint', ...IDENTITY };
const HEADER = sealed(JSON.stringify(OWN));
const FIRST = sealed(outcome(5));
const SECOND = sealed(line(trialResult({ trial: 6, class: 'diverged', score: 0.75, lossFinal: NaN })));
const FILE = HEADER + FIRST + SECOND;
/** The file with another character there in the outcomes of its last line. */
const changed = (from: 'start' | 'middle') => {
  const { length } = base64([trialResult()]);
  const at =
    FILE.indexOf('outcomes":"', HEADER.length + FIRST.length) + 11 + (from === 'start' ? 0 : length >> 1);
  return FILE.slice(0, at) + (FILE[at] === 'A' ? 'B' : 'A') + FILE.slice(at + 1);
};

test('one that an earlier version kept, with a shorter header, is another’s and not damaged', () => {
  const file = newFile();
  const { experiment, engine, adapter } = IDENTITY;
  const header = { format: OWN.format, experiment, engine, adapter, version: '1.2.2' };
  const text = sealed(JSON.stringify(header)) + FIRST;
  writeFileSync(file, text);
  expect(() => openAt(file)).toThrow(
    /with another v.*set of columns and version of its numerics and shape, /,
  );
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test.each([
  ['other', { ...OWN, columns: `${COLUMN_LAYOUT} another:f64` }],
  ['no', { ...OWN, columns: undefined }],
])('one whose outcomes have %s columns is refused and left alone', (_which, header) => {
  const file = newFile();
  const text = sealed(JSON.stringify(header)) + FIRST;
  writeFileSync(file, text);
  expect(() => openAt(file)).toThrow(CallError);
  expect(() => openAt(file)).toThrow(/with another set of columns, /);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

describe('damage is refused by its line, and left alone', () => {
  test.each<[what: string, text: string, line: number, words: string]>([
    // What was written has changed.
    ['a trial', changed('start'), 3, 'another check sum'],
    ['a number', changed('middle'), 3, 'another check sum'],
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
    ['no JSON', HEADER + sealed('{"outcomes":[[}'), 2, 'no such line'],
    ['nothing', HEADER + sealed('{}'), 2, 'neither outcomes nor a fault'],
    ['outcomes that are none', HEADER + sealed('{"outcomes":7}'), 2, 'neither outcomes nor a fault'],
    ['outcomes and a fault', HEADER + sealed('{"outcomes":"","fault":"x"}'), 2, 'neither outcomes nor'],
    ['a fault that is no text', HEADER + sealed('{"fault":7}'), 2, 'neither outcomes nor a fault'],
    [
      'outcomes in another alphabet',
      HEADER + sealed(outcome(1).replace(/.{4}"}$/, '===="}')),
      2,
      'no base64',
    ],
    ['half an outcome', HEADER + sealed('{"outcomes":"AAAA"}'), 2, '3 bytes, of'],
    ['a trial beyond the grid', HEADER + sealed(outcome(TRIALS)), 2, 'no such trial: 8'],
    ['a trial twice in a line', HEADER + sealed(line(trialResult(), trialResult())), 2, 'trial 0 twice'],
    ['a trial that trains', HEADER + sealed(line(trialResult({ class: 'training' }))), 2, 'no such class: 3'],
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
