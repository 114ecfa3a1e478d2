import { expect, test } from 'vitest';
import { nonfinite as kernel } from '../../src/kernels/nonfinite';
import { nonfinite as twin } from '../../src/reference/nonfinite';
import { STATE, STATE_LENGTH } from '../../src/reference/state';
import { numbers, perTrial, runKernel, type Values } from '../kernel_harness';
import { SIZES } from './sizes';

/** By slot, how many of the values are no finite numbers; nothing else of the state changes. */
async function run(values: readonly Values[]): Promise<number[]> {
  const before = Float32Array.from({ length: STATE_LENGTH }, (_, i) => i + 0.5);
  const results = await runKernel({
    kernel,
    twin,
    tensors: {
      values: { values, offset: 3, padding: 2 },
      state: { values: perTrial(() => before), offset: 1, padding: 3 },
    },
  });
  return results.map(({ gpu, twin: reference }) => {
    expect([...gpu['state']!]).toEqual([...reference['state']!]);
    const { [STATE.nonfinite]: count, ...others } = { ...gpu['state']! };
    const { [STATE.nonfinite]: _, ...unchanged } = { ...before };
    expect(others).toEqual(unchanged);
    return count!;
  });
}

test.each(SIZES)('%d finite values', async (count) => {
  const random = numbers(count);
  const largest = 3.4028234663852886e38;
  const values = perTrial(() => random.uniform(count, -largest, largest));
  expect(new Set(await run(values))).toEqual(new Set([0]));
});

test('each kind of them, in one trial only', async () => {
  const wild = (slot: number) => (slot === 2 ? [NaN, 1, Infinity, 0, -Infinity] : [1e-45, 0, -1e38, 3, 4]);
  const values = perTrial((slot) => Float32Array.from([...Array<number>(97).fill(2), ...wild(slot)]));
  expect(new Set(await run(values))).toEqual(new Set([0, 3]));
});
