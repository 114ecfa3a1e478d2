import { expect, test } from 'vitest';
import { biasForward as kernel } from '../../src/kernels/bias';
import { biasForward as twin } from '../../src/reference/bias';
import { expectWithin, numbers, perTrial, runKernel, type TrialResult, type Values } from '../kernel_harness';
import { ULP } from './sizes';

const run = (rows: number, cols: number, bias: readonly Values[], z: readonly Values[]) =>
  runKernel({
    kernel,
    twin,
    tensors: { bias: { values: bias, offset: 3, padding: 1 }, z: { values: z, offset: 2, padding: 5 } },
    fields: { rows, cols },
  });

const expectClose = ({ gpu, twin }: TrialResult) =>
  expectWithin('z', gpu['z']!, twin['z']!, (i) => ULP * Math.abs(twin['z']![i]!));

test.each([
  [1, 1],
  [7, 9],
  [1, 65],
  [64, 4],
  [257, 1],
  [51, 5],
  [101, 13],
  [531, 17],
])('%d rows, %d columns', async (rows, cols) => {
  const random = numbers(rows);
  const bias = perTrial(() => random.uniform(cols));
  for (const result of await run(
    rows,
    cols,
    bias,
    perTrial(() => random.uniform(rows * cols)),
  ))
    expectClose(result);
});

test('NaN and infinity get through', async () => {
  const bias = perTrial(() => Float32Array.of(NaN, Infinity, 1, -Infinity));
  const z = perTrial(() => Float32Array.of(1, 1, NaN, Infinity));
  for (const result of await run(1, 4, bias, z)) {
    expectClose(result);
    expect([...result.gpu['z']!]).toEqual([NaN, Infinity, NaN, NaN]);
  }
});
