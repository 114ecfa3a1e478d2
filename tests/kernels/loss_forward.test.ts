import { describe, expect, test } from 'vitest';
import { lossForward as kernel } from '../../src/kernels/loss';
import { lossForward as twin } from '../../src/reference/loss';
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
      loss: { output: { length: 1 }, offset: 2, padding: 5 },
    },
    variant: { LOSS },
  });

/** All terms are positive, so that relative errors of terms and sums do not grow. */
const expectClose = ({ gpu, twin }: TrialResult, ulps: number) =>
  expectWithin('loss', gpu['loss']!, twin['loss']!, ulps * ULP * twin['loss']![0]! + TINY);

describe.each(Object.entries(KINDS))('loss_forward, %s', (_, LOSS) => {
  test.each(SIZES)('%d elements', async (count) => {
    const random = numbers(count);
    const prediction = perTrial(() => random.uniform(count, -3, 3));
    const target = perTrial(() => random.uniform(count, 0, 1).map(Math.round));
    for (const result of await run(LOSS, prediction, target)) expectClose(result, 24);
  });

  test.each([NaN, Infinity, -Infinity, 3e38])('a prediction of %d among others', async (wild) => {
    const prediction = perTrial(() => numbers(2).uniform(100));
    for (const [slot, values] of prediction.entries()) values[30 * slot + 5] = wild;
    for (const label of [0, 1]) {
      const target = perTrial(() => new Float32Array(100).fill(label));
      for (const result of await run(LOSS, prediction, target)) {
        expectClose(result, 24);
        const blowsUp = !Number.isFinite(wild) || LOSS !== KINDS.logistic;
        expect(Number.isFinite(result.gpu['loss']![0])).toBe(!blowsUp);
      }
    }
  });
});

test.each([0, 1e-5, 0.1, 1, 5, 10, 20, 50, 80, 1e4])('logistic, margin ±%d', async (margin) => {
  for (const prediction of [margin, -margin]) {
    const results = await run(
      KINDS.logistic,
      perTrial(() => Float32Array.of(prediction)),
      perTrial((slot) => Float32Array.of(slot % 2)),
    );
    for (const result of results) expectClose(result, 8 + 2 * margin);
  }
});
