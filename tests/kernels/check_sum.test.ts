import { describe, expect, test } from 'vitest';
import { submit, uploadStorage } from '../../src/gpu/buffers';
import { readBuffers, type Stretch } from '../../src/gpu/readback';
import { checkSum, CheckSums } from '../../src/kernels/check_sum';
import { numbers } from '../kernel_harness';
import { testGpu } from '../gpu_device';

/** The sums of whole buffers, made on the GPU. */
async function sumsOnGpu(arrays: readonly Uint32Array[]): Promise<number[]> {
  const gpu = await testGpu();
  const buffers = arrays.map((words) => uploadStorage(gpu, 'words', words));
  const sums = await CheckSums.open(gpu, arrays.length);
  let place: Stretch;
  submit(gpu, 'sums', (encoder) => {
    const stretches = buffers.map((buffer) => ({ buffer, offset: 0, size: buffer.size }));
    place = sums.encode(encoder, stretches);
  });
  const [read] = await readBuffers(gpu, [place!]);
  sums.close();
  for (const buffer of buffers) buffer.destroy();
  return arrays.map((_, index) => CheckSums.at(read!, index));
}

const random = (seed: number, length: number) => new Uint32Array(numbers(seed).uniform(length).buffer);

describe('a check sum', () => {
  test('is the same on the GPU and on the host, of any length', async () => {
    const arrays = [1, 2, 63, 64, 65, 4095, 4096, 4097, 300_000].map((length) => random(length, length));
    expect(await sumsOnGpu(arrays)).toEqual(arrays.map((words) => checkSum([words])));
  });

  test('is that of arrays joined, and of floats by their bits', () => {
    const words = random(1, 100);
    const parts = [words.subarray(0, 33), words.subarray(33)];
    expect(checkSum(parts)).toBe(checkSum([words]));
    expect(checkSum([new Float32Array(words.buffer)])).toBe(checkSum([words]));
  });

  test.each<[string, (words: Uint32Array) => void]>([
    ['a bit', (words) => (words[17]! ^= 1)],
    ['the order', (words) => words.set([words[1]!, words[0]!])],
    ['zeros', (words) => words.fill(0)],
    ['zeros in one half', (words) => words.fill(0, 50)],
    ['a stretch that has moved', (words) => words.copyWithin(0, 1)],
  ])('shows when %s changed', (_what, change) => {
    const words = random(2, 100);
    const changed = words.slice();
    change(changed);
    expect(checkSum([changed])).not.toBe(checkSum([words]));
    expect(checkSum([new Uint32Array(100)])).not.toBe(0);
  });
});
