import { describe, expect, test } from 'vitest';
import { activationForward as kernel, ACTIVATION_KERNELS } from '../../src/kernels/activation';
import { activationForward as twin } from '../../src/reference/activation';
import { expectWithin, numbers, perTrial, runKernel, type TrialResult, type Values } from '../kernel_harness';
import { SIZES, TINY, ULP } from './sizes';

/** Gains by slot; the middle one is dropped by the harness. */
const GAINS = [0.75, 1, -1.5];

/** y = φ(gain·x), for every activation function. */
describe.each(Object.entries(ACTIVATION_KERNELS))('%s', (name, { ulps }) => {
  const ACTIVATION = Object.keys(ACTIVATION_KERNELS).indexOf(name);
  const run = (x: readonly Values[], gains = GAINS) =>
    runKernel({
      kernel,
      twin,
      variant: { ACTIVATION },
      tensors: {
        x: { values: x, offset: 3, padding: 1 },
        gain: { values: gains.map((gain) => Float32Array.of(gain)), offset: 2, padding: 5 },
        y: { output: { length: x[0]!.length }, offset: 1, padding: 2 },
      },
    });
  const expectClose = ({ gpu, twin }: TrialResult) =>
    expectWithin('y', gpu['y']!, twin['y']!, (i) => {
      const wanted = twin['y']![i]!;
      return ulps(gpu['gain']![0]! * gpu['x']![i]!) * ULP * Math.abs(wanted) + TINY;
    });

  test.each(SIZES)('%d elements', async (count) => {
    const random = numbers(count);
    for (const result of await run(perTrial(() => random.uniform(count, -6, 6)))) expectClose(result);
  });

  test('small and large arguments', async () => {
    const magnitudes = [0, 1e-30, 1e-7, 1e-3, 0.1, 0.6, 0.63, 1, 5, 8.9, 9.2, 15, 30, 80, 88, 1e4, 1e30];
    const x = Float32Array.from(magnitudes.flatMap((value) => [value, -value]));
    for (const result of await run(perTrial(() => x))) expectClose(result);
  });

  test('all negative', async () => {
    const random = numbers(1);
    const x = perTrial(() => random.uniform(100, -3, -1e-3));
    for (const result of await run(x, [1, 1, 1])) expectClose(result);
  });

  test('NaN stays NaN, and infinity goes to the limit', async () => {
    const x = Float32Array.of(NaN, Infinity, -Infinity, 1);
    const negativeNan = new Float32Array(Uint32Array.of(0xffc00000, 0xff800001, 0x7f800001).buffer);
    const values = perTrial(() => Float32Array.of(...x, 0, 0, 0));
    for (const value of values)
      new Uint32Array(value.buffer).set(new Uint32Array(negativeNan.buffer), x.length);
    for (const result of await run(values)) {
      expectClose(result);
      expect([...result.gpu['y']!].filter(Number.isNaN)).toHaveLength(4);
    }
  });

  test('one gain for all trials', async () => {
    const results = await runKernel({
      kernel,
      twin,
      variant: { ACTIVATION },
      tensors: {
        x: { values: perTrial((slot) => numbers(slot).uniform(70)), owner: 'dataset' },
        gain: { values: [Float32Array.of(2)], stride0: true },
        y: { output: { length: 70 } },
      },
    });
    for (const result of results) expectClose(result);
  });
});
