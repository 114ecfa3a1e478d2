import { describe, expect, test } from 'vitest';
import { batchNormForward } from '../../src/kernels/batch_norm_forward';
import { batchNormStats } from '../../src/kernels/batch_norm_stats';
import { batchNormForward as twin } from '../../src/reference/batch_norm_forward';
import { batchNormStats as statsTwin } from '../../src/reference/batch_norm_stats';
import { expectWithin, numbers, perTrial, runKernel, type TrialResult, type Values } from '../kernel_harness';

const ULP = 2 ** -23;

interface Shape {
  rows: number;
  features: number;
}

/** Statistics of any batch: mean, mean_low, variance, inverse_std. */
function someStats(features: number, seed: number): Float32Array {
  const random = numbers(seed);
  const stats = Array.from({ length: features }, () => {
    const [mean, meanLow, variance] = [
      random.uniform(1, -3, 3)[0]!,
      random.uniform(1, -1e-7, 1e-7)[0]!,
      2 ** seed,
    ];
    return [mean, meanLow, variance, 1 / Math.sqrt(variance)];
  });
  return Float32Array.from(stats.flat());
}

function run(
  { rows, features }: Shape,
  x: readonly Values[],
  stats: readonly Values[],
): Promise<TrialResult[]> {
  const random = numbers(7);
  return runKernel({
    kernel: batchNormForward,
    twin,
    tensors: {
      x: { values: x, offset: 1, padding: 2 },
      stats: { values: stats, offset: 3, padding: 1 },
      affine: { values: perTrial(() => random.uniform(2 * features, -2, 2)), offset: 2, padding: 3 },
      y: { output: { length: rows * features }, offset: 4, padding: 5 },
    },
    fields: { rows, features },
  });
}

function expectForward({ gpu, twin }: TrialResult, features: number): void {
  const { x, stats, affine } = gpu;
  expectWithin('y', gpu['y']!, twin['y']!, (i) => {
    const j = i % features;
    const [mean, meanLow, , inverseStd] = stats!.subarray(4 * j, 4 * j + 4);
    const distance = Math.abs(x![i]! - mean!) + Math.abs(meanLow!);
    return 4 * ULP * (Math.abs(affine![j]!) * inverseStd! * distance + Math.abs(affine![features + j]!));
  });
}

describe('batch_norm_forward', () => {
  test.each([
    { rows: 1, features: 1 },
    { rows: 3, features: 5 },
    { rows: 128, features: 16 },
    { rows: 51, features: 5 },
    { rows: 1, features: 257 },
    { rows: 101, features: 103 },
    { rows: 531, features: 17 },
  ])('$rows rows, $features features', async (shape) => {
    const random = numbers(3);
    const x = perTrial(() => random.uniform(shape.rows * shape.features, -3, 3));
    const stats = perTrial((slot) => someStats(shape.features, slot));
    for (const result of await run(shape, x, stats)) expectForward(result, shape.features);
  });

  test('lets NaN and infinity through, of x and of the statistics', async () => {
    const shape = { rows: 3, features: 4 };
    const x = perTrial(() => Float32Array.of(NaN, 1, 1, 1, Infinity, 1, 1, 1, 1, -Infinity, 1, 1));
    const stats = perTrial((slot) => someStats(shape.features, slot));
    for (const values of stats) values.set([NaN, NaN, NaN, NaN], 8);
    for (const result of await run(shape, x, stats)) {
      expectForward(result, shape.features);
      expect(result.gpu['y']!.filter((v) => !Number.isFinite(v))).toHaveLength(6);
    }
  });

  test('after batch_norm_stats, a spread of 0.1 around 10 000 is as well normalized as one around 0', async () => {
    const shape = { rows: 128, features: 3 };
    const random = numbers(4);
    const x = perTrial(() => random.uniform(shape.rows * shape.features, 1e4 - 0.1, 1e4 + 0.1));
    const epsilon = { values: [Float32Array.of(1e-5)], stride0: true };
    const statsRun = await runKernel({
      kernel: batchNormStats,
      twin: statsTwin,
      tensors: { x: { values: x }, epsilon, stats: { output: { length: 4 * shape.features } } },
      fields: shape,
      running: [0, 1, 2],
    });
    for (const adapter of ['hardware', 'software'] as const) {
      const made = statsRun.filter((result) => result.adapter === adapter);
      const results = await run(
        shape,
        x,
        made.map(({ gpu }) => gpu['stats']!),
      );
      for (const { slot, gpu } of results) {
        const y = new Float64Array(shape.rows * shape.features);
        const stats = made[slot]!.twin['stats']!;
        twin(
          { x: Float64Array.from(gpu['x']!), stats, affine: Float64Array.from(gpu['affine']!), y },
          { ...shape },
        );
        expectWithin('y', gpu['y']!, y, 1e-4);
      }
    }
  });
});
