import { describe, expect, test } from 'vitest';
import { Lanczos } from '../../src/theory/lanczos';
import { mulberry32 } from '../mulberry32';

const reflect = (vector: Float64Array, normal: readonly number[]) => {
  const dot = (a: ArrayLike<number>) => normal.reduce((sum, value, i) => sum + value * a[i]!, 0);
  const [along, square] = [dot(vector), dot(normal)];
  return vector.map((value, i) => value - (2 * along * normal[i]!) / square);
};

/** The product with a matrix of these eigenvalues, whose axes a reflection turns: A = Q·diag(values)·Q. */
function operator(values: readonly number[], normal: readonly number[]) {
  return (v: Float64Array) =>
    reflect(
      reflect(v, normal).map((value, i) => value * values[i]!),
      normal,
    );
}

function iterated(values: readonly number[], seed: number, most = Infinity): Lanczos {
  const random = mulberry32(seed);
  const product = operator(
    values,
    values.map(() => random() - 0.5),
  );
  const lanczos = new Lanczos(values.length, () => Float64Array.from(values, () => random() - 0.5));
  while (lanczos.next && lanczos.taken < most) lanczos.take(product(lanczos.next));
  return lanczos;
}

const found = (lanczos: Lanczos) => lanczos.ritz().map(({ value }) => value);

describe('Lanczos iteration', () => {
  test.each([1, 2, 7, 40])('finds every eigenvalue of %d, the largest in magnitude first', (size) => {
    const random = mulberry32(size);
    const values = Array.from({ length: size }, () => 10 * random() - 8);
    const byMagnitude = values.toSorted((a, b) => Math.abs(b) - Math.abs(a));
    for (const [at, value] of found(iterated(values, size)).entries())
      expect(value).toBeCloseTo(byMagnitude[at]!, 9);
  });

  test('finds an eigenvalue as often as it is there, past an exhausted Krylov space', () => {
    const values = [3, 3, 3, -1, -1, 0];
    for (const [at, value] of found(iterated(values, 5)).entries()) expect(value).toBeCloseTo(values[at]!, 9);
  });

  test('an eigenvalue lies as near as the residual says, before the space is exhausted', () => {
    const random = mulberry32(3);
    const values = Array.from({ length: 200 }, () => 10 * random() - 5);
    const lanczos = iterated(values, 4, 20);
    expect(lanczos.taken).toBe(20);
    for (const { value, residual } of lanczos.ritz())
      expect(Math.min(...values.map((one) => Math.abs(one - value)))).toBeLessThanOrEqual(residual + 1e-9);
  });

  test('a product that is not finite ends it, and no value is told', () => {
    const lanczos = new Lanczos(3, () => Float64Array.of(1, 2, 3));
    lanczos.take(Float64Array.of(1, Number.POSITIVE_INFINITY, 0));
    expect(lanczos.next).toBeUndefined();
    expect(found(lanczos)).toEqual([Number.NaN]);
  });
});
