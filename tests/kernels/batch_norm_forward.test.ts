import { describe, expect, test } from 'vitest';
import { batchNormForward } from '../../src/kernels/batch_norm';
import { batchNormForward as twin } from '../../src/reference/batch_norm';
import { expectWithin, numbers, perTrial, runKernel, type TrialResult, type Values } from '../kernel_harness';

const ULP = 2 ** -23;

interface Shape {
  rows: number;
  features: number;
}

function run({ rows, features }: Shape, x: readonly Values[]): Promise<TrialResult[]> {
  const random = numbers(7);
  return runKernel({
    kernel: batchNormForward,
    twin,
    tensors: {
      x: { values: x, offset: 5, padding: 3 },
      epsilon: { values: [Float32Array.of(1e-5)], stride0: true, offset: 2, padding: 1 },
      affine: { values: perTrial(() => random.uniform(2 * features, -2, 2)), offset: 2, padding: 3 },
      stats: { output: { length: 4 * features }, offset: 1, padding: 6 },
      y: { output: { length: rows * features }, offset: 4, padding: 5 },
    },
    fields: { rows, features },
  });
}

/** Within what rounding of sums over rows allows; D is the farthest value from the rounded mean. */
function expectStats({ gpu, twin }: TrialResult, { rows, features }: Shape): void {
  for (let j = 0; j < features; j++) {
    const column = Array.from({ length: rows }, (_, i) => gpu['x']![i * features + j]!);
    const [mean, meanLow, variance, inverseStd] = gpu['stats']!.subarray(4 * j, 4 * j + 4);
    const expected = twin['stats']!;
    const D = Math.max(...column.map((x) => Math.abs(x - mean!)));
    const largest = Math.max(...column.map(Math.abs));
    expectWithin(`mean ${j}`, [mean!], [expected[4 * j]!], 2 * rows * ULP * largest);
    expectWithin(`mean + mean_low ${j}`, [mean! + meanLow!], [expected[4 * j]!], 2 * (rows + 2) * ULP * D);
    expectWithin(`variance ${j}`, [variance!], [expected[4 * j + 2]!], 4 * (rows + 2) * ULP * D ** 2);
    expect(variance).toBeGreaterThanOrEqual(0);
    const exact = 1 / Math.sqrt(variance! + twin['epsilon']![0]!);
    expectWithin(`inverse_std ${j}`, [inverseStd!], [exact], 8 * ULP * exact);
  }
}

/** y as it must be by the kernel's own statistics, which are tested by themselves. */
function expectOutput({ gpu }: TrialResult, features: number): void {
  const { x, stats, affine } = gpu;
  const parts = (i: number) => {
    const j = i % features;
    const [mean, meanLow, , inverseStd] = stats!.subarray(4 * j, 4 * j + 4);
    return { x: x![i]!, mean: mean!, meanLow: meanLow!, inverseStd: inverseStd!, j };
  };
  const expected = Float64Array.from(gpu['y']!, (_, i) => {
    const { x, mean, meanLow, inverseStd, j } = parts(i);
    return affine![j]! * ((x - mean - meanLow) * inverseStd) + affine![features + j]!;
  });
  expectWithin('y', gpu['y']!, expected, (i) => {
    const { x, mean, meanLow, inverseStd, j } = parts(i);
    const distance = Math.abs(x - mean) + Math.abs(meanLow);
    return 4 * ULP * (Math.abs(affine![j]!) * inverseStd * distance + Math.abs(affine![features + j]!));
  });
}

describe('batch_norm_forward', () => {
  test.each([
    { rows: 1, features: 1 },
    { rows: 2, features: 3 },
    { rows: 15, features: 17 },
    { rows: 17, features: 15 },
    { rows: 16, features: 16 },
    { rows: 128, features: 16 },
    { rows: 131, features: 33 },
    { rows: 1000, features: 1 },
    { rows: 3, features: 257 },
  ])('$rows rows, $features features', async (shape) => {
    const random = numbers(1);
    const results = await run(
      shape,
      perTrial(() => random.uniform(shape.rows * shape.features, -2, 3)),
    );
    for (const result of results) {
      expectStats(result, shape);
      expectOutput(result, shape.features);
    }
  });

  test('a batch of one comes out as β', async () => {
    const shape = { rows: 1, features: 4 };
    const x = perTrial((slot) => Float32Array.of(0.1, -7e3, slot, 12345.678));
    for (const { gpu } of await run(shape, x)) expect(gpu['y']).toEqual(gpu['affine']!.slice(4));
  });

  test('a batch of one, or of equal rows, has no variance and a finite inverse_std', async () => {
    for (const rows of [1, 3, 128]) {
      const shape = { rows, features: 4 };
      const row = [0.1, -7e3, 0, 12345.678];
      const results = await run(
        shape,
        perTrial(() => Float32Array.from({ length: rows * 4 }, (_, i) => row[i % 4]!)),
      );
      for (const result of results) {
        expectStats(result, shape);
        expectOutput(result, shape.features);
        for (let j = 0; j < 4; j++) expect(result.gpu['stats']![4 * j + 2]).toBeLessThan(1e-5);
      }
    }
  });

  test('a spread of 0.1 around 10 000 keeps its mean and variance, and is as well normalized as one around 0', async () => {
    const shape = { rows: 128, features: 5 };
    const random = numbers(2);
    const results = await run(
      shape,
      perTrial(() => random.uniform(shape.rows * shape.features, 1e4 - 0.1, 1e4 + 0.1)),
    );
    for (const result of results) {
      expectStats(result, shape);
      const [mean, meanLow, variance] = result.gpu['stats']!;
      const [exact, , exactVariance] = result.twin['stats']!;
      // A float32 at 10 000 is a multiple of 1e-3; the two halves together do far better.
      expect(Math.abs(mean! + meanLow! - exact!)).toBeLessThan(1e-5);
      expect(variance! / exactVariance!).toBeCloseTo(1, 4);
      expectWithin('y', result.gpu['y']!, result.twin['y']!, 1e-4);
    }
  });

  test('NaN and infinity spoil their own feature, visibly, and no other', async () => {
    const shape = { rows: 20, features: 18 };
    const x = perTrial((slot) => numbers(slot).uniform(shape.rows * shape.features));
    for (const values of x) {
      values[3] = NaN;
      values[19 * shape.features + 17] = Infinity;
    }
    for (const { gpu, twin } of await run(shape, x)) {
      for (let j = 0; j < shape.features; j++) {
        const [mean, , variance, inverseStd] = gpu['stats']!.subarray(4 * j, 4 * j + 4);
        const spoilt = j === 3 || j === 17;
        expectWithin('mean', [mean!], [twin['stats']![4 * j]!], spoilt ? 0 : 1e-5);
        expect([variance, inverseStd].map(Number.isNaN)).toEqual([spoilt, spoilt]);
        const column = gpu['y']!.filter((_, i) => i % shape.features === j);
        expect(column.every(Number.isNaN)).toBe(spoilt);
        expect(column.some(Number.isNaN)).toBe(spoilt);
      }
    }
  });
});
