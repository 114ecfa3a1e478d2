import { describe, expect, test } from 'vitest';
import { batchNormBackward } from '../../src/kernels/batch_norm';
import { batchNormBackward as twin } from '../../src/reference/batch_norm';
import { batchNormForward as forwardTwin } from '../../src/reference/batch_norm';
import { squaredGradientBefore } from '../../src/theory/batch_norm_gradient';
import { expectWithin, numbers, perTrial, runKernel, type TrialResult, type Values } from '../kernel_harness';

const ULP = 2 ** -23;
const EPSILON = 1e-5;

interface Shape {
  rows: number;
  features: number;
}

/** Statistics and output of a forward pass, by its twin. */
function forward(
  x: ArrayLike<number>,
  { rows, features }: Shape,
  affine = new Float64Array(2 * features),
): Record<'stats' | 'y', Float64Array> {
  const stats = new Float64Array(4 * features);
  const y = new Float64Array(rows * features);
  const epsilon = Float64Array.of(EPSILON);
  forwardTwin({ x: Float64Array.from(x), epsilon, affine, stats, y }, { rows, features });
  return { stats, y };
}

/** The statistics as two float32s for the mean, as the kernel makes them. */
function statsInFloat32(x: Values, shape: Shape): Float32Array {
  const exact = forward(x, shape).stats;
  const stats = Float32Array.from(exact);
  for (let j = 0; j < shape.features; j++) stats[4 * j + 1] = exact[4 * j]! - stats[4 * j]!;
  return stats;
}

function run(shape: Shape, x: readonly Values[], dy: readonly Values[]): Promise<TrialResult[]> {
  const { rows, features } = shape;
  const random = numbers(7);
  return runKernel({
    kernel: batchNormBackward,
    twin,
    tensors: {
      x: { values: x, offset: 1, padding: 2 },
      stats: { values: x.map((values) => statsInFloat32(values, shape)), offset: 3, padding: 1 },
      affine: { values: perTrial(() => random.uniform(2 * features, -2, 2)), offset: 2, padding: 3 },
      dy: { values: dy, padding: 4 },
      gradient: { output: { length: 2 * features }, offset: 6, padding: 1 },
      dx: { output: { length: rows * features }, offset: 4, padding: 5 },
    },
    fields: { rows, features },
  });
}

/** Rounding of sums over rows, and of what is taken off dy. */
function expectBackward({ gpu, twin }: TrialResult, { rows, features }: Shape): void {
  const { x, dy, stats, affine } = gpu;
  const indices = Array.from({ length: rows }, (_, i) => i);
  for (let j = 0; j < features; j++) {
    const [mean, meanLow, , inverseStd] = stats!.subarray(4 * j, 4 * j + 4);
    const standard = indices.map((i) => (x![i * features + j]! - mean! - meanLow!) * inverseStd!);
    const slopes = indices.map((i) => dy![i * features + j]!);
    const sumSlopes = slopes.reduce((sum, slope) => sum + Math.abs(slope), 0);
    const sumProducts = slopes.reduce((sum, slope, i) => sum + Math.abs(slope * standard[i]!), 0);
    const roundings = 2 * (rows + 4) * ULP;
    const at = (name: 'dx' | 'gradient', i: number) => [[gpu[name]![i]!], [twin[name]![i]!]] as const;
    expectWithin(`dγ ${j}`, ...at('gradient', j), roundings * sumProducts);
    expectWithin(`dβ ${j}`, ...at('gradient', features + j), roundings * sumSlopes);
    indices.forEach((i) => {
      const parts = Math.abs(slopes[i]!) + (sumSlopes + Math.abs(standard[i]!) * sumProducts) / rows;
      expectWithin(
        `dx ${i}, ${j}`,
        ...at('dx', i * features + j),
        roundings * Math.abs(affine![j]! * inverseStd!) * parts,
      );
    });
  }
}

describe('batch_norm_backward', () => {
  test.each([
    { rows: 1, features: 1 },
    { rows: 2, features: 3 },
    { rows: 15, features: 17 },
    { rows: 17, features: 15 },
    { rows: 16, features: 16 },
    { rows: 128, features: 16 },
    { rows: 131, features: 33 },
  ])('$rows rows, $features features', async (shape) => {
    const random = numbers(5);
    const size = shape.rows * shape.features;
    const x = perTrial(() => random.uniform(size, -2, 3));
    const dy = perTrial(() => random.uniform(size));
    for (const result of await run(shape, x, dy)) expectBackward(result, shape);
  });

  test('makes the gradient as large as Theorem 4.1 of Santurkar et al. says, to 1e-5', async () => {
    const shape = { rows: 128, features: 4 };
    const random = numbers(9);
    const x = perTrial(() => random.uniform(512, -1, 2));
    const dy = perTrial(() => random.uniform(512));
    for (const { gpu } of await run(shape, x, dy))
      for (let j = 0; j < shape.features; j++) {
        const column = (values: ArrayLike<number>) =>
          Float64Array.from({ length: shape.rows }, (_, i) => values[i * shape.features + j]!);
        const [mean, , , inverseStd] = gpu['stats']!.subarray(4 * j, 4 * j + 4);
        const unit = {
          gamma: gpu['affine']![j]!,
          sigma: 1 / inverseStd!,
          standard: column(gpu['x']!).map((value) => (value - mean!) * inverseStd!),
        };
        const computed = column(gpu['dx']!).reduce((sum, value) => sum + value ** 2, 0);
        const predicted = squaredGradientBefore(unit, column(gpu['dy']!));
        expect(Math.abs(computed / predicted - 1)).toBeLessThan(1e-5);
      }
  });

  test('equal rows, and a spread of 0.1 around 10 000', async () => {
    const shape = { rows: 128, features: 2 };
    const random = numbers(6);
    const x = perTrial(() => random.uniform(256, 1e4 - 0.1, 1e4 + 0.1).map((v, i) => (i % 2 ? v : 0.3)));
    const dy = perTrial(() => random.uniform(256));
    for (const result of await run(shape, x, dy)) expectBackward(result, shape);
  });

  test('NaN and infinity of dy spoil their own feature, visibly, and no other', async () => {
    const shape = { rows: 20, features: 18 };
    const x = perTrial((slot) => numbers(slot).uniform(360));
    const dy = perTrial((slot) => numbers(slot + 10).uniform(360));
    for (const values of dy) {
      values[3] = NaN;
      values[19 * shape.features + 17] = Infinity;
    }
    for (const { gpu, twin } of await run(shape, x, dy)) {
      const nonFinite = (values: ArrayLike<number>) => Array.from(values, Number.isFinite);
      expect(nonFinite(gpu['dx']!)).toEqual(nonFinite(twin['dx']!));
      expect(nonFinite(gpu['gradient']!)).toEqual(nonFinite(twin['gradient']!));
      expect(Array.from(gpu['dx']!).filter(Number.isFinite)).toHaveLength(16 * 20);
    }
  });

  test('is the slope of the forward pass, by central differences', () => {
    const shape = { rows: 5, features: 3 };
    const random = numbers(8);
    const x = Float64Array.from(random.uniform(15));
    const affine = Float64Array.from(random.uniform(6, 0.5, 2));
    const dy = Float64Array.from(random.uniform(15));
    /** Σ dy·y, of which dy is the slope by y. */
    const objective = () => {
      const { y } = forward(x, shape, affine);
      return y.reduce((sum, value, i) => sum + value * dy[i]!, 0);
    };
    const slope = (values: Float64Array, i: number) => {
      const h = 1e-5;
      const value = values[i]!;
      values[i] = value + h;
      const above = objective();
      values[i] = value - h;
      const below = objective();
      values[i] = value;
      return (above - below) / (2 * h);
    };
    const gradient = new Float64Array(6);
    const dx = new Float64Array(15);
    const { stats } = forward(x, shape);
    twin({ x, stats, affine, dy, gradient, dx }, { ...shape });
    expectWithin(
      'dx',
      dx,
      x.map((_, i) => slope(x, i)),
      1e-7,
    );
    expectWithin(
      'gradient',
      gradient,
      affine.map((_, i) => slope(affine, i)),
      1e-7,
    );
  });
});
