import { expect, test } from 'vitest';
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatRate,
  formatSeconds,
  formatShare,
} from '../../src/view/number_format';

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
  expect([0, 830, 994, 996, 2.5e6, 7e9].map((rate) => formatRate(rate))).toEqual([
    '0',
    '830',
    '990',
    '1\u202fk',
    '2.5\u202fM',
    '7\u202fG',
  ]);
  expect([999, 999.6, 1234].map((rate) => formatRate(rate, 3))).toEqual(['999', '1\u202fk', '1.23\u202fk']);
  expect([2.5, 0.0125, 3.456e-6, 9e-10, 0.9999, 0].map(formatDuration)).toEqual([
    '2.5 s',
    '12.5 ms',
    '3.46 µs',
    '0.9 ns',
    '1 s',
    '0 ns',
  ]);
  expect([1, 0.123, 2e-6].map(formatShare)).toEqual(['100 %', '12 %', '2e−4 %']);
  expect([0.2, 9.6, 150, 9000, Infinity].map(formatSeconds)).toEqual(['1 s', '10 s', '3 min', '2.5 h', '…']);
});
