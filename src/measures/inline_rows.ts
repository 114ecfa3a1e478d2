import { matrixIndex, normal, type Purpose } from '../experiment/random';

/** A number of a matrix by its place. */
export type Entry = (row: number, column: number) => number;

/** A matrix as documents hold it inline. */
export function inlineRows(rows: number, columns: number, entry: Entry): number[][] {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => entry(row, column)),
  );
}

/** Draws of N(0, variance), of the same numbers as a document's own (experiment/random.ts). */
export function normals(seed: number, purpose: Purpose, layer = 0, variance = 1): Entry {
  const deviation = Math.sqrt(variance);
  return (row, column) => deviation * normal(seed, purpose, layer, matrixIndex(row, column));
}
