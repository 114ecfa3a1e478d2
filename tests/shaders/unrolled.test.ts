import { expect, test } from 'vitest';
import { unrolled } from '../../src/kernels/unrolled';

const lines = (text: string) => text.replace(/\s+/g, ' ').trim();

test('a loop of a known length is written out, with its counter as a constant', () => {
  const text = 'a; for (var i = 0u; i < ROWS; i++) { if (i > 0u) { f(i); } } b;';
  const body = (i: number) => `{ const i = ${i}u; if (i > 0u) { f(i); } }`;
  expect(lines(unrolled(text, { ROWS: 3 }))).toBe(`a; ${body(0)} ${body(1)} ${body(2)} b;`);
});

test('loops in loops are, and loops of other lengths stay', () => {
  const text = 'for (var u = 0u; u < UNITS; u++) { for (var i = 0u; i < ROWS; i++) { f(u, i); } }';
  const inner = '{ const i = 0u; f(u, i); } { const i = 1u; f(u, i); }';
  expect(lines(unrolled(text, { UNITS: 1, ROWS: 2 }))).toBe(`{ const u = 0u; ${inner} }`);
  expect(lines(unrolled(text, { ROWS: 2 }))).toBe(`for (var u = 0u; u < UNITS; u++) { ${inner} }`);
  expect(unrolled(text, {})).toBe(text);
  const other =
    'for (var i = 0u; i < row_packs(rows); i++) { f(i); } for (var i = lane; i < ROWS; i += TEAM) { g(i); }';
  expect(unrolled(other, { ROWS: 2 })).toBe(other);
});

test('a loop without an end is an error', () => {
  expect(() => unrolled('for (var i = 0u; i < ROWS; i++) { f(i);', { ROWS: 2 })).toThrow('no end');
});
