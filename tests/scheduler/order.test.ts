import { describe, expect, test } from 'vitest';
import { coarsestStride, coarseToFine } from '../../src/scheduler/order';

const SIZES = [
  [1, 1],
  [1, 2],
  [1, 97],
  [97, 1],
  [8, 8],
  [9, 9],
  [9, 1],
  [16, 16],
  [17, 13],
  [31, 64],
  [128, 3],
  [3, 128],
  [101, 103],
  [4096, 1],
] as const;

describe.each(SIZES)('a grid of %i × %i', (nx, ny) => {
  const levels = coarseToFine(nx, ny).map(({ stride, cells }) => ({ stride, cells: [...cells()] }));

  test('has every cell in one level', () => {
    const cells = levels.flatMap((level) => level.cells);
    expect(cells.toSorted((a, b) => a - b)).toEqual(Array.from({ length: nx * ny }, (_, cell) => cell));
  });

  test('begins with at most 4 × 4 cells, as many as their stride allows', () => {
    const { stride, cells } = levels[0]!;
    expect(coarsestStride(nx, ny)).toBe(stride);
    const along = (count: number) => Math.ceil(count / stride);
    expect(cells).toHaveLength(along(nx) * along(ny));
    expect(Math.max(along(nx), along(ny))).toBeLessThanOrEqual(4);
    const finer = stride > 1 ? (2 * Math.max(nx, ny)) / stride : Infinity;
    expect(finer, 'no coarser than it must be').toBeGreaterThan(4);
  });

  test('halves the stride from level to level, down to 1', () => {
    const strides = levels.map((level) => level.stride);
    expect(strides).toEqual(strides.map((_, index) => 2 ** (strides.length - 1 - index)));
  });

  test('after each level has the first cell of every block of its stride', () => {
    const known = new Set<number>();
    for (const { stride, cells } of levels) {
      for (const cell of cells) known.add(cell);
      const firsts = Array.from({ length: nx * ny }, (_, cell) => cell).filter(
        (cell) => (cell % nx) % stride === 0 && Math.floor(cell / nx) % stride === 0,
      );
      expect([...known].toSorted((a, b) => a - b)).toEqual(firsts);
    }
  });
});

test('a row of 11: every fourth cell, then every second, then the rest', () => {
  expect(coarseToFine(11, 1).map(({ stride, cells }) => [stride, [...cells()]])).toEqual([
    [4, [0, 4, 8]],
    [2, [2, 6, 10]],
    [1, [1, 3, 5, 7, 9]],
  ]);
});
