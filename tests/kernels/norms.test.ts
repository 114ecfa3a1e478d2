import { expect, test } from 'vitest';
import { norms as kernel } from '../../src/kernels/norms';
import { norms as twin } from '../../src/reference/norms';
import { beginningState, wordsOfState } from '../../src/reference/state';
import { expectWithin, numbers, perTrial, runKernel, type Values } from '../kernel_harness';
import { SIZES, ULP } from './sizes';

const SIZE = { ring: 3, row: 5, column: 2 };
/** By slot; the ring has turned for the last. */
const CLOCKS = [1, 0, 8];

async function run(parameters: readonly Values[], gradient: readonly Values[]): Promise<number[][]> {
  const before = perTrial((slot) => numbers(slot).uniform(SIZE.ring * SIZE.row));
  const results = await runKernel({
    kernel,
    twin,
    tensors: {
      parameters: { values: parameters, offset: 3, padding: 1 },
      gradient: { values: gradient, offset: 2, padding: 2 },
      state: { values: CLOCKS.map((clock) => wordsOfState(beginningState({ clock }))) },
      out: { values: before, offset: 1, padding: 4 },
    },
    fields: SIZE,
  });
  return results.map(({ slot, gpu, twin }) => {
    const out = gpu['out']!;
    const at = (CLOCKS[slot]! % SIZE.ring) * SIZE.row + SIZE.column;
    // A sum of positive numbers in a tree over at most 16 of an invocation's own.
    expectWithin('out', out, twin['out']!, (i) =>
      i === at || i === at + 1 ? 16 * ULP * twin['out']![i]! : 0,
    );
    return [...out.subarray(at, at + 2)];
  });
}

test.each(SIZES)('%d weights', async (count) => {
  const random = numbers(count);
  await run(
    perTrial(() => random.uniform(count)),
    perTrial(() => random.uniform(count, -5, 5)),
  );
});

test('values by hand', async () => {
  const found = await run(
    perTrial(() => Float32Array.of(3, 4)),
    perTrial(() => Float32Array.of(0, 0)),
  );
  for (const pair of found) expect(pair).toEqual([0, 5]);
});

test.each([NaN, Infinity, -Infinity])('a %d makes its norm not finite, and only its own', async (wild) => {
  const random = numbers(9);
  const found = await run(
    perTrial(() => Float32Array.of(...random.uniform(70), wild)),
    perTrial(() => Float32Array.of(3, 4)),
  );
  for (const pair of found) expect(pair).toEqual([5, Math.abs(wild)]);
});
