import { describe, expect, test } from 'vitest';
import { mulhi, philox, type PhiloxBlock, type PhiloxKey } from '../../src/reference/philox';

const VECTORS: [name: string, counter: PhiloxBlock, key: PhiloxKey, expected: PhiloxBlock][] = [
  ['zeros', [0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
  [
    'all ones',
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    'pi',
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

describe('philox', () => {
  test.each(VECTORS)('gives the published vector of %s', (_name, counter, key, expected) => {
    expect(philox(key, counter)).toEqual(expected);
  });

  test('leaves its arguments alone', () => {
    const key: PhiloxKey = [1, 2];
    const counter: PhiloxBlock = [3, 4, 5, 6];
    philox(key, counter);
    expect([key, counter]).toEqual([
      [1, 2],
      [3, 4, 5, 6],
    ]);
  });
});

test('mulhi is the high word of the exact product', () => {
  const words = [
    0, 1, 2, 0xffff, 0x10000, 0x10001, 0x7fffffff, 0x80000000, 0xd2511f53, 0xfffffffe, 0xffffffff,
  ];
  for (const a of words) {
    for (const b of words) expect(mulhi(a, b)).toBe(Number((BigInt(a) * BigInt(b)) >> 32n));
  }
});
