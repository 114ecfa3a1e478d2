import { describe, expect, test } from 'vitest';
import { activationBackward as kernel, ACTIVATION_KERNELS } from '../../src/kernels/activation';
import { activationBackward as twin } from '../../src/reference/activation';
import { expectWithin, numbers, perTrial, runKernel, type TrialResult, type Values } from '../kernel_harness';
import { SIZES, TINY, ULP } from './sizes';

/** Gains by slot; the middle one is dropped by the harness. */
const GAINS = [0.75, 1, -1.5];

/** dx = dy·gain·φ′, for every activation function. */
describe.each(Object.entries(ACTIVATION_KERNELS))('%s', (name, { outputs: range }) => {
  const ACTIVATION = Object.keys(ACTIVATION_KERNELS).indexOf(name);
  const run = (y: readonly Values[], dy: readonly Values[]) =>
    runKernel({
      kernel,
      twin,
      variant: { ACTIVATION },
      tensors: {
        kept: { values: y, offset: 3, padding: 1 },
        dy: { values: dy, offset: 1, padding: 4 },
        gain: { values: GAINS.map((gain) => Float32Array.of(gain)), offset: 2, padding: 5 },
        dx: { output: { length: y[0]!.length }, offset: 5, padding: 2 },
      },
    });
  const expectClose = ({ gpu, twin }: TrialResult) =>
    expectWithin('dx', gpu['dx']!, twin['dx']!, (i) => 4 * ULP * Math.abs(twin['dx']![i]!) + TINY);

  test.each(SIZES)('%d elements', async (count) => {
    const random = numbers(count);
    const y = perTrial(() => random.uniform(count, ...range));
    const dy = perTrial(() => random.uniform(count, -2, 2));
    for (const result of await run(y, dy)) expectClose(result);
  });

  test('the ends of the range, and 0', async () => {
    const y = Float32Array.of(...range, 0, -0);
    const dy = Float32Array.of(1, 1, 1, 1);
    const results = await run(
      perTrial(() => y),
      perTrial(() => dy),
    );
    for (const result of results) expectClose(result);
  });

  test('NaN and infinity of the gradient, and NaN of the output, get through', async () => {
    const y = Float32Array.of(range[1] / 2, range[1] / 2, range[1] / 2, NaN);
    const dy = Float32Array.of(NaN, Infinity, -Infinity, 1);
    const results = await run(
      perTrial(() => y),
      perTrial(() => dy),
    );
    for (const result of results) {
      expectClose(result);
      expect([...result.gpu['dx']!].slice(0, 3).some(Number.isFinite)).toBe(false);
    }
  });
});
