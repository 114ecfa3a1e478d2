import { describe, expect, test } from 'vitest';
import { lossBackward as kernel } from '../../src/kernels/loss';
import { lossBackward as twin } from '../../src/reference/loss';
import { expectWithin, numbers, perTrial, runKernel, type TrialResult, type Values } from '../kernel_harness';
import { SIZES, TINY, ULP } from './sizes';

const KINDS = { mse: 0, 'half-mse': 1, logistic: 2 };

const run = (LOSS: number, prediction: readonly Values[], target: readonly Values[]) =>
  runKernel({
    kernel,
    twin,
    tensors: {
      prediction: { values: prediction, offset: 3, padding: 1 },
      target: { values: target, offset: 1, padding: 2, owner: 'dataset' },
      gradient: { output: { length: prediction[0]!.length }, offset: 2, padding: 5 },
    },
    variant: { LOSS },
  });

const expectClose = ({ gpu, twin }: TrialResult) =>
  expectWithin('gradient', gpu['gradient']!, twin['gradient']!, (i) => {
    const margin = Math.min(Math.abs(twin['prediction']![i]!), 100); // exp of less is 0
    return (8 + 2 * margin) * ULP * Math.abs(twin['gradient']![i]!) + TINY;
  });

describe.each(Object.entries(KINDS))('loss_backward, %s', (_, LOSS) => {
  test.each(SIZES)('%d elements', async (count) => {
    const random = numbers(count);
    const prediction = perTrial(() => random.uniform(count, -5, 5));
    const target = perTrial(() => random.uniform(count, 0, 1).map(Math.round));
    for (const result of await run(LOSS, prediction, target)) expectClose(result);
  });

  test('large, NaN and infinite predictions', async () => {
    const prediction = perTrial(() => Float32Array.of(30, -30, 1e4, -1e4, NaN, Infinity, -Infinity));
    for (const label of [0, 1]) {
      const target = perTrial(() => new Float32Array(7).fill(label));
      for (const result of await run(LOSS, prediction, target)) {
        expectClose(result);
        expect(result.gpu['gradient']![4]).toBeNaN();
      }
    }
  });
});
