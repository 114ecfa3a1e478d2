import { expect, test } from 'vitest';
import type { KernelMeasurement } from '../../src/bench/kernel_bench';
import { logShare, powersOfTen, rooflineOf } from '../../src/view/roofline';

const measured = (kernel: string, flopsPerSecond: number, bytesPerSecond: number): KernelMeasurement => ({
  kernel,
  size: 'tiny',
  trials: 1,
  gpu: { median: 1, spread: 0, samples: 1, repeats: 1 },
  reference: { seconds: 1, share: 1 },
  ratio: 1,
  largestError: 0,
  errorShare: 0,
  configuration: '',
  flopsPerSecond,
  bytesPerSecond,
  bound: 'compute',
  ceilingShare: 0.5,
});

test('kernels lie under a roof that bends where the ceilings meet', () => {
  const { roof, kernels, range } = rooflineOf({
    ceilings: { flops: 4e10, bytes: 2e10 },
    kernels: [measured('matmul', 2e10, 1e9), measured('gather', 0, 1e9), measured('bias', 1e9, 8e9)],
  });
  expect(kernels).toEqual([
    { kernel: 'matmul', x: 20, y: 2e10 },
    { kernel: 'bias', x: 0.125, y: 1e9 },
  ]);
  expect(range).toEqual({ x: [0.1, 100], y: [1e9, 1e11] });
  expect(roof).toEqual([
    { x: 0.1, y: 2e9 },
    { x: 2, y: 4e10 },
    { x: 100, y: 4e10 },
  ]);
});

test('before any kernel is measured the roof alone is drawn', () => {
  const { kernels, range } = rooflineOf({ ceilings: { flops: 1e9, bytes: 1e9 }, kernels: [] });
  expect(kernels).toEqual([]);
  expect(range).toEqual({ x: [0.1, 1], y: [1e8, 1e9] });
});

test('logarithmic axes', () => {
  expect(logShare(10, [1, 100])).toBeCloseTo(0.5, 12);
  expect(powersOfTen([0.1, 100])).toEqual([0.1, 1, 10, 100]);
});
