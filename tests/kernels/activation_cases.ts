import { describe, expect, test } from 'vitest';
import type { Kernel } from '../../src/kernels/kernel';
import type { Twin } from '../../src/reference/twin';
import { expectWithin, numbers, perTrial, runKernel, type TrialResult, type Values } from '../kernel_harness';
import { SIZES, TINY, ULP } from './sizes';

/** Gains by slot; the middle one is dropped by the harness. */
const GAINS = [0.75, 1, -1.5];

interface ForwardCase {
  readonly kernel: Kernel;
  readonly twin: Twin;
  /** The error allowed, in units in the last place of y, at the argument gain·x. */
  readonly ulps: (argument: number) => number;
}

/** Tests of y = φ(gain·x) that every activation must pass. */
export function testActivationForward({ kernel, twin, ulps }: ForwardCase): void {
  const run = (x: readonly Values[], gains = GAINS) =>
    runKernel({
      kernel,
      twin,
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

  describe(`${kernel.name}`, () => {
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
        tensors: {
          x: { values: perTrial((slot) => numbers(slot).uniform(70)), owner: 'dataset' },
          gain: { values: [Float32Array.of(2)], stride0: true },
          y: { output: { length: 70 } },
        },
      });
      for (const result of results) expectClose(result);
    });
  });
}

interface BackwardCase {
  readonly kernel: Kernel;
  readonly twin: Twin;
  /** Outputs that φ can have: from, to. */
  readonly range: readonly [number, number];
}

/** Tests of dx = dy·gain·φ′(y) that every activation must pass. */
export function testActivationBackward({ kernel, twin, range }: BackwardCase): void {
  const run = (y: readonly Values[], dy: readonly Values[]) =>
    runKernel({
      kernel,
      twin,
      tensors: {
        y: { values: y, offset: 3, padding: 1 },
        dy: { values: dy, offset: 1, padding: 4 },
        gain: { values: GAINS.map((gain) => Float32Array.of(gain)), offset: 2, padding: 5 },
        dx: { output: { length: y[0]!.length }, offset: 5, padding: 2 },
      },
    });
  const expectClose = ({ gpu, twin }: TrialResult) =>
    expectWithin('dx', gpu['dx']!, twin['dx']!, (i) => 4 * ULP * Math.abs(twin['dx']![i]!) + TINY);

  describe(`${kernel.name}`, () => {
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
}
