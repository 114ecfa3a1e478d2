import { describe, expect, test } from 'vitest';
import { batchNormBackward } from '../../src/reference/batch_norm';
import { batchNormForward } from '../../src/reference/batch_norm';
import { matmul } from '../../src/reference/matmul';
import golden from '../golden/kernels.json';

const flat = (matrix: readonly number[][]) => Float64Array.from(matrix.flat());

/** The farthest that `actual` is from PyTorch's float64 results, relative to the largest of those. */
function relativeError(actual: Float64Array, expected: Float64Array): number {
  expect(actual.length).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!))) / largest;
}

describe('the twins agree with PyTorch', () => {
  test.each(golden.matmul)(
    'matmul $rows × $inner × $cols, each operand either way round',
    ({ a, b, ab, ...shape }) => {
      const transpose = (matrix: readonly number[][]) =>
        matrix[0]!.map((_, j) => matrix.map((row) => row[j]!));
      for (const TRANSPOSE_A of [0, 1]) {
        for (const TRANSPOSE_B of [0, 1]) {
          const out = new Float64Array(shape.rows * shape.cols);
          const operands = {
            a: flat(TRANSPOSE_A ? transpose(a) : a),
            b: flat(TRANSPOSE_B ? transpose(b) : b),
          };
          matmul({ ...operands, out }, { ...shape, scale: 1, TRANSPOSE_A, TRANSPOSE_B });
          expect(relativeError(out, flat(ab))).toBeLessThan(1e-12);
        }
      }
    },
  );

  test.each(golden.batch_norm)('batch norm of $rows rows and $features features', (record) => {
    const { rows, features } = record;
    const shape = { rows, features };
    const x = flat(record.x);
    const affine = Float64Array.from([...record.gamma, ...record.beta]);
    const stats = new Float64Array(4 * features);
    const y = new Float64Array(rows * features);
    const dx = new Float64Array(rows * features);
    const gradient = new Float64Array(2 * features);
    batchNormForward({ x, epsilon: Float64Array.of(record.epsilon), affine, stats, y }, shape);
    batchNormBackward({ x, stats, affine, dy: flat(record.dy), gradient, dx }, shape);

    const column = (k: number) => stats.filter((_, i) => i % 4 === k);
    expect(relativeError(column(0), Float64Array.from(record.mean))).toBeLessThan(1e-12);
    expect(relativeError(gradient, Float64Array.from([...record.dgamma, ...record.dbeta]))).toBeLessThan(
      1e-12,
    );
    expect(relativeError(dx, flat(record.dx))).toBeLessThan(1e-12);
    // Where x lies κ standard deviations from 0, PyTorch's own variance is off by up to κ roundings: at 10 000 ± 0.1 it is 5e-12
    // from the exact rational result, which the twin hits.
    const kappa = Math.max(...x.map(Math.abs)) * Math.max(...column(3));
    const tolerance = 1e-12 + kappa * Number.EPSILON;
    expect(relativeError(column(2), Float64Array.from(record.variance))).toBeLessThan(tolerance);
    expect(relativeError(y, flat(record.y))).toBeLessThan(tolerance);
  });
});
