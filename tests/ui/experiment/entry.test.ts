import { expect, test } from 'vitest';
import { entryOf, parseEntry } from '../../../src/ui/experiment/entry';

test.each<[string, unknown]>([
  ['0.1', 0.1],
  ['−1e−4', -1e-4],
  ['.5', 0.5],
  ['+5.', 5],
  ['16, 8', [16, 8]],
  ['1e400', Infinity],
  ['0', 0],
  ['0e5', 0],
])('%s is read as %o', (text, value) => expect(parseEntry(text)).toEqual(value));

test.each([
  '',
  '0x10',
  '1,5',
  '1 000',
  '5 s',
  'NaN',
  'Infinity',
  '[1]',
  '1, ',
  '1, two',
  '1e',
  '--1',
  '１',
  '1e-400',
])('%j is left as it is', (text) => expect(parseEntry(text)).toBe(text));

test('what a field shows is read as it was', () => {
  for (const value of [0, -0.5, 1e-7, 3.4e38, 1 / 3, [1, 2.5e-9]])
    expect(parseEntry(entryOf(value))).toEqual(value);
});
