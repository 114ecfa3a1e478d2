import { expect, test } from 'vitest';
import { formatCount, formatNumber, formatRate, formatSeconds } from '../../src/view/number_format';

test.each([
  [0, '0'],
  [0.1, '0.1'],
  [-1.5, '−1.5'],
  [1234.5, '1230'],
  [0.99999, '1'],
  [1e-4, '1e−4'],
  [-2.346e-7, '−2.35e−7'],
  [3e6, '3e6'],
  [Infinity, '∞'],
  [Number.NaN, 'NaN'],
])('%d reads %s', (value, words) => {
  expect(formatNumber(value)).toBe(words);
});

test('counts, rates and times read as people write them', () => {
  expect(formatCount(1234567)).toBe('1\u202f234\u202f567');
  expect(formatRate(5432)).toBe('5.4\u202fk');
  expect(formatRate(830)).toBe('830');
  expect([0.2, 9.6, 150, 9000, Infinity].map(formatSeconds)).toEqual(['1 s', '10 s', '3 min', '2.5 h', '…']);
});
