import { describe, expect, test } from 'vitest';
import { batchNormBackward, batchNormForward } from '../../src/reference/batch_norm';
import { squaredGradientBefore } from '../../src/theory/batch_norm_gradient';
import { mulberry32 } from '../mulberry32';

/** Theorem 4.1 of Santurkar et al. 2018 against what the kernels' twins compute. */
function bothSides(seed: number, rows: number, scale: number, epsilon: number) {
  const random = mulberry32(seed);
  const draw = (length: number, size = 1) =>
    Float64Array.from({ length }, () => size * (2 * random() - 1) + size);
  const [x, dy, affine] = [draw(rows, scale), draw(rows), draw(2)];
  const [stats, y, gradient, dx] = [4, rows, 2, rows].map((length) => new Float64Array(length));
  const shape = { rows, features: 1 };
  batchNormForward({ x, epsilon: Float64Array.of(epsilon), affine, stats: stats!, y: y! }, shape);
  batchNormBackward({ x, stats: stats!, affine, dy, gradient: gradient!, dx: dx! }, shape);
  const sigma = 1 / stats![3]!;
  const standard = x.map((value) => (value - stats![0]!) / sigma);
  return {
    computed: dx!.reduce((sum, value) => sum + value ** 2, 0),
    predicted: squaredGradientBefore({ gamma: affine[0]!, sigma, standard }, dy),
    after: dy.reduce((sum, value) => sum + value ** 2, 0),
  };
}

describe('the gradient before a batch norm', () => {
  test.each([
    { rows: 3, scale: 1, epsilon: 0 },
    { rows: 32, scale: 1, epsilon: 1e-5 },
    { rows: 131, scale: 1e-3, epsilon: 1e-5 }, // ε is larger than the variance
    { rows: 131, scale: 100, epsilon: 1e-5 },
  ])(
    'is what the theorem says of $rows samples, inputs of $scale, ε = $epsilon',
    ({ rows, scale, epsilon }) => {
      for (let seed = 1; seed <= 20; seed += 1) {
        const { computed, predicted } = bothSides(seed, rows, scale, epsilon);
        expect(Math.abs(predicted / computed - 1)).toBeLessThan(1e-9);
      }
    },
  );

  test('is larger than the one behind it where γ/σ is, and smaller elsewhere', () => {
    const small = bothSides(1, 32, 0.1, 1e-5);
    expect(small.computed).toBeGreaterThan(small.after);
    const large = bothSides(1, 32, 100, 1e-5);
    expect(large.computed).toBeLessThan(large.after);
  });
});
