import { describe, expect, test } from 'vitest';
import { createStorage, uploadStorage } from '../../src/gpu/buffers';
import { LimitExceededError } from '../../src/gpu/errors';
import { readBuffers } from '../../src/gpu/readback';
import type { KernelCall, TensorView } from '../../src/kernels/kernel';
import { matmul } from '../../src/kernels/matmul';
import { prepareSequence, type StorageBuffer } from '../../src/kernels/sequence';
import { TrialList } from '../../src/kernels/trials';
import { testGpu } from '../gpu_device';

const one = (buffer: string, offset = 0): TensorView => ({ buffer, offset, length: 1 });

/** out = scale·a·b, all numbers. */
function product(a: TensorView, b: TensorView, out: TensorView, scale = 1): KernelCall {
  const fields = { rows: 1, inner: 1, cols: 1, scale };
  return { kernel: 'matmul', tensors: { a, b, out }, fields, variant: { TRANSPOSE_A: 0, TRANSPOSE_B: 0 } };
}

/** Two trials, [2, 3] and [5, 7] in `values`, two elements each in `first` and `second`. */
async function setUp() {
  const gpu = await testGpu();
  const storage = new Map<string, StorageBuffer>([
    [
      'values',
      { buffer: uploadStorage(gpu, 'values', Float32Array.of(2, 3, 5, 7)), stride: 2, owner: 'trial' },
    ],
    ['first', { buffer: createStorage(gpu, 'first', 4), stride: 2, owner: 'trial' }],
    ['second', { buffer: createStorage(gpu, 'second', 4), stride: 2, owner: 'trial' }],
  ]);
  const trials = new TrialList(gpu, Uint32Array.of(0, 0, 0, 0, 1, 0, 0, 0));
  return { gpu, storage, trials };
}

async function run(calls: readonly KernelCall[], trialCount: number): Promise<Record<string, number[]>> {
  const { gpu, storage, trials } = await setUp();
  const sequence = await prepareSequence(gpu, calls, storage, trials);
  const encoder = gpu.device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  sequence.encode(pass, trialCount);
  pass.end();
  gpu.device.queue.submit([encoder.finish()]);
  sequence.destroy();
  const places = [...storage];
  const bytes = await readBuffers(
    gpu,
    places.map(([, { buffer }]) => ({ buffer })),
  );
  return Object.fromEntries(places.map(([name], i) => [name, [...new Float32Array(bytes[i]!)]]));
}

async function refusal(call: KernelCall): Promise<unknown> {
  const { gpu, storage, trials } = await setUp();
  return prepareSequence(gpu, [call], storage, trials).catch((error: unknown) => error);
}

describe('a sequence', () => {
  test('runs its calls in order, each with its own views and fields', async () => {
    const results = await run(
      [
        product(one('values'), one('values', 1), one('first')),
        product(one('first'), one('values'), one('second', 1), 10),
        product(one('second', 1), one('values', 1), one('first', 1), -1),
      ],
      2,
    );
    expect(results).toEqual({
      values: [2, 3, 5, 7],
      first: [6, -360, 35, -12_250],
      second: [0, 120, 0, 1750],
    });
  });

  test('runs no more trials than there are in the list, and none when told none', async () => {
    const calls = [product(one('values'), one('values'), one('first'))];
    expect((await run(calls, 7))['first']).toEqual([4, 0, 25, 0]);
    expect((await run(calls, 0))['first']).toEqual([0, 0, 0, 0]);
  });

  const good = product(one('values'), one('values', 1), one('first'));
  test.each([
    ['an unknown kernel', { ...good, kernel: 'matmull' }, /no kernel is called matmull/],
    [
      'a missing tensor',
      { ...good, tensors: { a: one('values'), out: one('first') } },
      /tensor b is not given/,
    ],
    ['a missing field', { ...good, fields: { rows: 1, cols: 1, scale: 1 } }, /field inner is not given/],
    ['a missing constant', { ...good, variant: { TRANSPOSE_A: 0 } }, /constant TRANSPOSE_B is not given/],
    [
      'an unknown buffer',
      product(one('weights'), one('values'), one('first')),
      /buffer weights, which is not there/,
    ],
    [
      'a view beyond a region',
      product(one('values', 2), one('values'), one('first')),
      /ends at 3 of values's 2 elements/,
    ],
    ['writing where it reads', product(one('values'), one('first', 1), one('first')), /where b lies too/],
  ])('refuses %s', async (_, call, message) => {
    const error = await refusal(call);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toMatch(message);
  });

  test('refuses more workgroups than a dispatch holds', async () => {
    const { adapter } = await testGpu();
    const call = { ...good, fields: { ...good.fields, rows: 2 ** 26 } };
    const error = await refusal(call);
    expect(error).toBeInstanceOf(LimitExceededError);
    expect(error).toMatchObject({ actual: matmul.workgroups(call, adapter), maximum: 65_535 });
  });
});
