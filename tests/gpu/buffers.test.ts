import { describe, expect, test } from 'vitest';
import { createStorage, upload, uploadStorage, zero } from '../../src/gpu/buffers';
import { LimitExceededError } from '../../src/gpu/errors';
import { readBuffers } from '../../src/gpu/readback';
import { testGpu } from '../gpu_device';

const floats = (bytes: readonly ArrayBuffer[]) => bytes.map((b) => [...new Float32Array(b)]);

describe('buffers', () => {
  test('are created full of zeros, labelled, and never empty', async () => {
    const gpu = await testGpu();
    const buffers = [createStorage(gpu, 'three', 3), createStorage(gpu, 'none', 0)];
    expect(buffers.map(({ label, size }) => [label, size])).toEqual([
      ['three', 12],
      ['none', 4],
    ]);
    expect(floats(await readBuffers(gpu, [{ buffer: buffers[0]! }]))).toEqual([[0, 0, 0]]);
  });

  test('take uploads at an offset, of part of an array too, and are zeroed again', async () => {
    const gpu = await testGpu();
    const buffer = uploadStorage(gpu, 'test', Float32Array.of(1, 2, 3, 4));
    upload(gpu, buffer, Float32Array.of(7, 8, 9).subarray(1), 2);
    expect(floats(await readBuffers(gpu, [{ buffer }]))).toEqual([[1, 2, 8, 9]]);
    zero(gpu, [buffer]);
    expect(floats(await readBuffers(gpu, [{ buffer }]))).toEqual([[0, 0, 0, 0]]);
  });

  test('are refused beyond the limit, with the numbers and a remedy', async () => {
    const gpu = await testGpu();
    const maximum = Math.min(gpu.limits.maxBufferSize, gpu.limits.maxStorageBufferBindingSize);
    const create = () => createStorage(gpu, 'activations', maximum / 4 + 1);
    expect(create).toThrow(expect.objectContaining({ actual: maximum + 4, maximum }));
    expect(create).toThrow(LimitExceededError);
    expect(create).toThrow(/activations.*fewer trials/);
  });
});

describe('readBuffers', () => {
  test('reads several stretches at once, in their order', async () => {
    const gpu = await testGpu();
    const [a, b] = [
      uploadStorage(gpu, 'a', Float32Array.of(1, 2, 3)),
      uploadStorage(gpu, 'b', Float32Array.of(4, 5, 6, 7)),
    ];
    const bytes = await readBuffers(gpu, [
      { buffer: b, offset: 4, size: 8 },
      { buffer: a },
      { buffer: b, offset: 12 },
      { buffer: a, size: 0 },
    ]);
    expect(floats(bytes)).toEqual([[5, 6], [1, 2, 3], [7], []]);
  });
});
