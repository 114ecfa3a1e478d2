import { expect, test } from 'vitest';
import { biasBackward as kernel } from '../../src/kernels/bias';
import { biasBackward as twin } from '../../src/reference/bias';
import { expectWithin, numbers, perTrial, runKernel, type TrialResult, type Values } from '../kernel_harness';
import { ULP } from './sizes';

const run = (rows: number, cols: number, dz: readonly Values[]) =>
  runKernel({
    kernel,
    twin,
    tensors: {
      dz: { values: dz, offset: 3, padding: 1 },
      gradient: { output: { length: cols }, offset: 2, padding: 5 },
    },
    fields: { rows, cols },
  });

function expectClose({ gpu, twin }: TrialResult, cols: number): void {
  expectWithin('gradient', gpu['gradient']!, twin['gradient']!, (j) => {
    const column = twin['dz']!.filter((_, i) => i % cols === j);
    return column.length * ULP * column.reduce((sum, value) => sum + Math.abs(value), 0);
  });
}

test.each([
  [1, 1],
  [63, 5],
  [64, 3],
  [65, 17],
  [257, 1],
  [7, 131],
  [1021, 2],
])('%d rows, %d columns', async (rows, cols) => {
  const random = numbers(rows);
  for (const result of await run(
    rows,
    cols,
    perTrial(() => random.uniform(rows * cols)),
  ))
    expectClose(result, cols);
});

test('NaN and infinity get through, in their own column', async () => {
  const dz = perTrial(() => Float32Array.of(NaN, Infinity, Infinity, 1, 2, 2, -Infinity, 3));
  for (const result of await run(2, 4, dz)) {
    expect([...result.gpu['gradient']!]).toEqual([NaN, Infinity, NaN, 4]);
    expectClose(result, 4);
  }
});
