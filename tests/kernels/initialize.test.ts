import { expect, test } from 'vitest';
import { initialize as kernel } from '../../src/kernels/initialize';
import { initialize as twin } from '../../src/reference/initialize';
import { numbers, perTrial, runKernel } from '../kernel_harness';
import { SIZES } from './sizes';

const NO_GAIN = 0xffffffff;

test.each(SIZES)('%d parameters', async (count) => {
  const random = numbers(count);
  const gains = [1, NO_GAIN, 2];
  const results = await runKernel({
    kernel,
    twin,
    tensors: {
      base: { values: perTrial(() => random.uniform(count)), owner: 'initial', offset: 2, padding: 1 },
      segments: {
        values: [
          Uint32Array.from({ length: 2 * count }, (_, i) => (i % 2 ? gains[((i - 1) / 2) % 3]! : 0x80000000)),
        ],
        stride0: true,
        offset: 1,
      },
      settings: { values: perTrial((slot) => Float32Array.of(77, 0.3 + slot, -1.7)), offset: 3, padding: 2 },
      parameters: { output: { length: count }, offset: 4, padding: 5 },
    },
  });
  for (const { gpu, twin } of results) {
    expect([...gpu['parameters']!]).toEqual([...twin['parameters']!].map(Math.fround)); // one rounding
  }
});

test('NaN and infinity get through', async () => {
  const results = await runKernel({
    kernel,
    twin,
    tensors: {
      base: { values: perTrial(() => Float32Array.of(NaN, Infinity, 1, -Infinity)) },
      segments: { values: [Uint32Array.of(0, NO_GAIN, 0, NO_GAIN, 0, 0, 0, 0)], stride0: true },
      settings: { values: perTrial(() => Float32Array.of(Infinity)) },
      parameters: { output: { length: 4 } },
    },
  });
  for (const { gpu } of results)
    expect([...gpu['parameters']!]).toEqual([NaN, Infinity, Infinity, -Infinity]);
});
