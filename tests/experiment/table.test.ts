import { strToU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { makeData } from '../../src/experiment/data';
import { parseExperiment } from '../../src/experiment/parse';
import { presetExperiment } from '../../src/experiment/presets';
import {
  columnNames,
  dataRows,
  likelyChoice,
  readTable,
  withTable,
  type ColumnChoice,
  type Role,
} from '../../src/experiment/table';
import { ExperimentError, type Experiment } from '../../src/experiment/types';

const experiment = presetExperiment('init-gain');
const read = (text: string) => readTable(strToU8(text));
const ROLES: Readonly<Record<string, Role>> = { i: 'input', o: 'output', '-': 'neither' };

/** @param roles a letter a column */
function choice(roles: string, header = true): ColumnChoice {
  return { header, roles: Array.from(roles, (role) => ROLES[role]!) };
}

function data(text: string, chosen = likelyChoice(read(text)), of: Experiment = experiment) {
  const { model, data: read_ } = withTable(of, read(text), chosen);
  return { inputs: model.inputs, outputs: model.outputs, ...read_ };
}

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ExperimentError) return error.message;
    throw error;
  }
  return 'nothing is refused';
}

const XY = { type: 'inline', x: [[1, 2], [-0.5, 4e-3]], y: [[0], [1]], inputs: 2, outputs: 1 }; // prettier-ignore

describe('the same numbers come out of', () => {
  test.each([
    ['commas', 'a,b,c\n1,2,0\n-.5,4e-3,1\n'],
    ['semicolons', 'a;b;c\n1;2;0\n-.5;4e-3;1\n'],
    ['tabs', 'a\tb\tc\n1\t2\t0\n-.5\t4e-3\t1\n'],
    ['lines of Windows, with a mark before them', '\uFEFFa,b,c\r\n1,2,0\r\n-0.5,0.004,1'],
    ['old lines of Macintosh', 'a,b,c\r1,2,0\r-0.5,0.004,1\r'],
    ['no names', '1,2,0\n-0.5,0.004,1\n'],
    ['quotes and white space', '"a, the ""first""",b,c\n"1", 2 ,+0.\n"-0.5",0.004,1\n'],
    ['empty lines', '\n\na,b,c\n\n1,2,0\n  \n-0.5,0.004,1\n\n\n'],
  ])('%s', (_, text) => {
    expect(data(text)).toMatchObject(XY);
  });

  test('columns in any order, some of them left out', () => {
    const text = 'target,kind,b,a\n0,no number,2,1\n1,,0.004,-0.5\n';
    expect(data(text, choice('o-ii'))).toMatchObject({ ...XY, x: [[2, 1], [0.004, -0.5]] }); // prettier-ignore
  });
});

test('every number is read as exactly as it is written', () => {
  const numbers = [0.1 + 0.2, 1 / 3, -1e-300, 12345678.90123, 2 ** -149, -3.4e38];
  const rows = numbers.map((number) => `${number},0`);
  expect(data(rows.join('\n'))).toMatchObject({ x: numbers.map((number) => [number]) });
});

test('the experiment stays what it is, but for its data, and its trials are given them', () => {
  const before = parseExperiment({
    ...experiment,
    data: { type: 'teacher', samples: 64, noise: 1, inputScale: 2 },
  });
  const after = withTable(before, read('a,b\n1,2\n3,4\n'), choice('io'));
  const { data: own, model, ...rest } = after;
  expect(own).toEqual({
    type: 'inline',
    x: [[1], [3]],
    y: [[2], [4]],
    inputScale: 1,
    inputShift: 0,
    noise: 0,
  });
  expect(model).toEqual({ ...before.model, inputs: 1, outputs: 1 });
  expect({ ...rest, data: before.data, model: before.model }).toEqual(before);
  expect(makeData(after)).toMatchObject({ samples: 2, x: Float32Array.of(1, 3), y: Float32Array.of(2, 4) });
});

describe('what is likely', () => {
  test.each<[text: string, roles: string, header: boolean]>([
    ['a,b,c\n1,2,3\n', 'iio', true],
    ['a,kind,c\n1,red,3\n', 'i-o', true],
    ['5.1,3.5,setosa\n4.9,3.0,setosa\n', 'io-', false],
    ['1,2\n', 'io', false],
    ['a,b\n', '--', false],
    ['2019,2020\n1,2\n', 'io', false],
  ])('of %j', (text, roles, header) => {
    expect(likelyChoice(read(text))).toEqual(choice(roles, header));
  });

  test('a column without a name is called by its place', () => {
    const table = read('a,,c\n1,2,3\n');
    expect(columnNames(table, true)).toEqual(['a', 'column 2', 'c']);
    expect(columnNames(table, false)).toEqual(['column 1', 'column 2', 'column 3']);
    expect([dataRows(table, true).length, dataRows(table, false).length]).toEqual([1, 2]);
  });
});

describe('a table is refused by its line:', () => {
  test.each<[text: string, words: string]>([
    ['1,2\n3,4\n5\n', 'line 3: found ["5"], allowed: 2 columns, as before'],
    ['a,b\n\n"over\ntwo",4\n1,2,3\n', 'line 5: found ["1","2","3"], allowed: 2 columns, as before'],
    [
      'a,b\n"1,2\n3,4\n',
      'line 2: found ["1,2\\n3,4\\n"], allowed: each quote closed, and doubled within quotes',
    ],
    ['a\n1\n', 'table: found "a", allowed: two columns or more, with , ; or tabs between them'],
    [' \n\n', 'table: found nothing, allowed: two columns or more, with , ; or tabs between them'],
  ])('%j', (text, words) => {
    expect(refusal(() => read(text))).toBe(words);
  });

  test('what is more than can be held', () => {
    const words = (text: string) => refusal(() => read(text));
    expect(words(`a,b\n1${',2'.repeat(1024)}`)).toBe('line 2: found 1025, allowed: at most 1024 columns');
    expect(words('\n'.repeat(262_144))).toBe('table: found 262145, allowed: at most 262144 lines');
    expect(words('1,2\n'.repeat(65_538))).toBe(
      'table: found 65538, allowed: at most 65536 rows below the names',
    );
    expect(data(`a,b\n${'1,2\n'.repeat(65_536)}`).inputs).toBe(1);
  });

  test('what is not UTF-8', () => {
    expect(refusal(() => readTable(Uint8Array.of(0x61, 0x2c, 0xfc, 0x0a)))).toMatch(/ allowed: UTF-8$/);
  });
});

describe('a choice is refused by line and column:', () => {
  test.each<[text: string, roles: string, words: string]>([
    ['a,b\n1,2\n3,n/a\n', 'io', 'line 3, column "b": found "n/a", allowed: a number, with a decimal point'],
    ['a;b\n1;2\n0,5;1\n', 'io', 'line 3, column "a": found "0,5", allowed: a number, with a decimal point'],
    ['a,b\n1,2\n', '-o', 'model.inputs: found 0, allowed: an integer from 1 to 512'],
    ['0,5;1,5\n', 'io', 'line 1, column "column 1": found "0,5", allowed: a number, with a decimal point'],
    ['a,b\n1,"2\n"\n1,\n', 'io', 'line 4, column "b": found "", allowed: a number, with a decimal point'],
    ...['0x10', 'Infinity', 'NaN', '1_000', '1e', '.', '1 2'].map((wrong): [string, string, string] => [
      `a,b\n1,${wrong}\n`,
      'io',
      `line 2, column "b": found "${wrong}", allowed: a number, with a decimal point`,
    ]),
    [
      'a,b\n1,2\n\n1e39,2\n',
      'io',
      'line 4, column "a": found 1e+39, allowed: a number from -3.4e38 to 3.4e38',
    ],
    ['a,b\n', 'io', 'data.x: found [], allowed: a list of 1 to 65536 rows of numbers'],
    ['a,b\n1,2\n', 'i-', 'model.outputs: found 0, allowed: an integer from 1 to 512'],
  ])('%j as %s', (text, roles, words) => {
    expect(refusal(() => data(text, choice(roles, !text.startsWith('0,5'))))).toBe(words);
  });

  test('by the loss, which only takes 0 and 1', () => {
    const logistic = parseExperiment({
      ...experiment,
      model: { ...experiment.model, inputs: 2, outputs: 1 },
      data: { type: 'moons' },
      loss: 'logistic',
    });
    const text = 'a,b,c\n1,2,0\n\n1,2,0.5\n';
    expect(refusal(() => data(text, choice('iio'), logistic))).toBe(
      'line 4, column "c": found 0.5, allowed: 0 or 1, with loss "logistic"',
    );
    expect(data('a,b,c\n1,2,0\n1,2,1\n', choice('iio'), logistic)).toMatchObject({ y: [[0], [1]] });
  });

  test('by an axis that data of one’s own do not have', () => {
    const swept = parseExperiment({
      ...experiment,
      axes: { x: { parameter: 'data.samples', scale: 'linear', from: 8, to: 64, count: 4 } },
    });
    expect(refusal(() => data('a,b\n1,2\n', choice('io'), swept))).toMatch(
      /^axes\.x\.parameter: found "data/,
    );
  });
});
