import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Sha256 } from '../../src/service/sha256';
import { mulberry32 } from '../mulberry32';

const random = mulberry32(7);
const bytesOf = (length: number) => Uint8Array.from({ length }, () => Math.floor(256 * random()));

test.each([...Array.from({ length: 130 }, (_, length) => length), 1000, 65_537])(
  'of %i bytes is what Node says',
  (length) => {
    const bytes = bytesOf(length);
    const hash = new Sha256();
    hash.update(bytes);
    expect(hash.digest()).toBe(createHash('sha256').update(bytes).digest('hex'));
  },
);

test('is the same in whatever parts the bytes come', () => {
  const bytes = bytesOf(500);
  const expected = createHash('sha256').update(bytes).digest('hex');
  for (const part of [1, 7, 63, 64, 65, 128, 499]) {
    const hash = new Sha256();
    for (let at = 0; at < bytes.length; at += part) hash.update(bytes.subarray(at, at + part));
    hash.update(new Uint8Array(0));
    expect(hash.digest()).toBe(expected);
  }
});
