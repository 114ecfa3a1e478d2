import { expect, test } from 'vitest';
import { lossNumber } from '../../src/kernels/loss';
import { benchCall, kernelCounts, KERNEL_NAMES } from '../../src/bench/kernel_bench';

const SIZE = {
  id: 'test',
  name: 'test',
  trials: 3,
  rows: 5,
  inner: 7,
  cols: 2,
  hardwareOnly: false,
};
const N = 5 * 2;

/** By hand, of one trial: operations; words moved of its own, and words that all trials share. */
const EXPECTED: Record<string, [flops: number, own: number, shared?: number]> = {
  matmul: [2 * 5 * 7 * 2, 5 * 7 + 7 * 2 + N],
  bias_forward: [N, 2 * N + 2],
  bias_backward: [N, N + 2],
  batch_norm_forward: [9 * N, 2 * N + 1 + 8 + 4],
  batch_norm_backward: [10 * N, 3 * N + 8 + 4 + 4],
  identity_forward: [N, 2 * N + 1],
  relu_forward: [2 * N, 2 * N + 1],
  leaky_relu_forward: [2 * N, 2 * N + 1],
  sigmoid_forward: [4 * N, 2 * N + 1],
  tanh_forward: [2 * N, 2 * N + 1],
  identity_backward: [N, 3 * N + 1],
  relu_backward: [2 * N, 3 * N + 1],
  leaky_relu_backward: [2 * N, 3 * N + 1],
  sigmoid_backward: [4 * N, 3 * N + 1],
  tanh_backward: [5 * N, 3 * N + 1],
  loss_forward: [3 * N, 2 * N + 1],
  loss_backward: [2 * N, 3 * N],
  // The gradient is read; velocity and parameters are read and written; three settings.
  sgd_update: [6 * N, 5 * N + 3, 2 * N],
  initialize: [N, 2 * N + 1, 2 * N],
  norms: [4 * N, 2 * N + 1 + 2],
  // A loss, two settings, one word of history, the state twice.
  outcome_record: [6, 1 + 2 + 1 + 18],
  gather: [0, 2 * (5 * 2 + 5) + 1],
  // One word of the state, which is read and written.
  saturation: [4 * N, N + 1 + 2],
  nonfinite: [2 * N, N + 1],
};

test.each(KERNEL_NAMES)('%s', (name) => {
  const [flops, own, shared = 0] = EXPECTED[name]!;
  const ofAll = new Set(shared > 0 ? ['segments'] : []);
  expect(kernelCounts(benchCall(name, SIZE), 3, ofAll)).toEqual({
    flops: 3 * flops,
    bytes: 4 * (3 * own + shared),
  });
});

test('the logistic loss costs more', () => {
  const call = { ...benchCall('loss_forward', SIZE), variant: { LOSS: lossNumber('logistic') } };
  expect(kernelCounts(call, 1, new Set()).flops).toBe(5 * N);
});

test('what nobody measures is an error', () => {
  expect(() => benchCall('fft', SIZE)).toThrow(/fft/);
});
