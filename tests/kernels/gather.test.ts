import { expect, test } from 'vitest';
import { gather as kernel } from '../../src/kernels/gather';
import { gather as twin } from '../../src/reference/gather';
import { beginningState, wordsOfState } from '../../src/reference/state';
import { mulhi, philox } from '../../src/reference/philox';
import { numbers, perTrial, runKernel, type TrialResult, type Values } from '../kernel_harness';

interface Size {
  samples: number;
  batch: number;
  inputs: number;
  outputs: number;
}

/** By slot, up to the largest. */
const CLOCKS = [0, 5, 0xfffffffe];

const run = (size: Size, x: readonly Values[], y: readonly Values[]) =>
  runKernel({
    kernel,
    twin,
    tensors: {
      x: { values: x, owner: 'dataset', offset: 1, padding: 2 },
      y: { values: y, owner: 'dataset', offset: 3, padding: 1 },
      state: { values: CLOCKS.map((clock) => wordsOfState(beginningState({ clock }))) },
      batch_x: { output: { length: size.batch * size.inputs }, offset: 2, padding: 3 },
      batch_y: { output: { length: size.batch * size.outputs }, offset: 4, padding: 5 },
    },
    fields: { ...size },
  });

function expectSame({ gpu, twin }: TrialResult): void {
  for (const name of ['batch_x', 'batch_y']) expect([...gpu[name]!]).toEqual([...twin[name]!]);
}

test.each([
  { samples: 1, batch: 1, inputs: 1, outputs: 1 },
  { samples: 37, batch: 63, inputs: 3, outputs: 2 },
  { samples: 128, batch: 64, inputs: 2, outputs: 1 },
  { samples: 101, batch: 65, inputs: 5, outputs: 1 },
  { samples: 7, batch: 131, inputs: 1, outputs: 3 },
])('$batch of $samples samples', async (size) => {
  const random = numbers(size.samples);
  const x = perTrial(() => random.uniform(size.samples * size.inputs));
  const y = perTrial(() => random.uniform(size.samples * size.outputs));
  for (const result of await run(size, x, y)) expectSame(result);
});

test('the 16 high bits of each random number are those of Philox', async () => {
  const size = { samples: 2 ** 16, batch: 500, inputs: 1, outputs: 1 };
  const index = perTrial(() => Float32Array.from({ length: size.samples }, (_, i) => i));
  for (const result of await run(size, index, index)) {
    expectSame(result);
    const expected = Array.from({ length: size.batch }, (_, j) =>
      mulhi(philox([result.seed, 2], [0, j, CLOCKS[result.slot]!, 0])[0], size.samples),
    );
    expect([...result.gpu['batch_x']!]).toEqual(expected);
    expect(new Set(expected).size, 'drawn over the whole range').toBeGreaterThan(450);
  }
});

test('NaN and infinity are copied', async () => {
  const size = { samples: 2, batch: 3, inputs: 1, outputs: 1 };
  const x = perTrial(() => Float32Array.of(NaN, NaN));
  const y = perTrial(() => Float32Array.of(-Infinity, -Infinity));
  for (const { gpu } of await run(size, x, y)) {
    expect([...gpu['batch_x']!]).toEqual([NaN, NaN, NaN]);
    expect([...gpu['batch_y']!]).toEqual([-Infinity, -Infinity, -Infinity]);
  }
});
