import { expect, test } from 'vitest';
import { sgdUpdate as kernel } from '../../src/kernels/sgd_update';
import { sgdUpdate as twin } from '../../src/reference/sgd_update';
import { expectWithin, numbers, perTrial, runKernel, type Values } from '../kernel_harness';
import { SIZES, ULP } from './sizes';

const DECAYS = 0x80000000;
const FROZEN = 0x40000000;
const MOMENTUM_AT = 1;
const WEIGHT_DECAY_AT = 2;

/** The parameters change places every element: two rates, with and without decay, frozen or not. */
function someSegments(count: number): Uint32Array {
  const kinds = [3, 4, DECAYS + 3, DECAYS + 4, FROZEN + 3, DECAYS + FROZEN + 4];
  return Uint32Array.from({ length: 2 * count }, (_, i) =>
    i % 2 === 0 ? kinds[(i / 2) % kinds.length]! : 0xffffffff,
  );
}

async function run(count: number, gradient: readonly Values[], momentum = 0.9): Promise<Float32Array[]> {
  const random = numbers(count);
  const velocity = perTrial(() => random.uniform(count));
  const parameters = perTrial(() => random.uniform(count));
  const results = await runKernel({
    kernel,
    twin,
    tensors: {
      gradient: { values: gradient, offset: 1, padding: 2 },
      segments: { values: [someSegments(count)], stride0: true, offset: 3 },
      settings: {
        values: perTrial((slot) => Float32Array.of(99, momentum, 0.01, 0.1 * (slot + 1), 0.5)),
        padding: 1,
      },
      velocity: { values: velocity, offset: 2, padding: 1 },
      parameters: { values: parameters, offset: 5, padding: 3 },
    },
    fields: { momentum_at: MOMENTUM_AT, weight_decay_at: WEIGHT_DECAY_AT },
  });
  // Of numbers up to 1: a few roundings of a few terms.
  const scale = Math.max(1, ...gradient.flatMap((g) => [...g].filter(Number.isFinite).map(Math.abs)));
  for (const { slot, gpu, twin } of results) {
    expectWithin('velocity', gpu['velocity']!, twin['velocity']!, 4 * ULP * scale);
    expectWithin('parameters', gpu['parameters']!, twin['parameters']!, 4 * ULP * scale);
    for (let p = 0; p < count; p++) {
      if (p % 6 < 4) continue;
      expect(gpu['velocity']![p], 'a frozen velocity').toBe(velocity[slot]![p]);
      expect(gpu['parameters']![p], 'a frozen parameter').toBe(parameters[slot]![p]);
    }
  }
  return results.map(({ gpu }) => Float32Array.from(gpu['parameters']!));
}

test.each(SIZES)('%d parameters', async (count) => {
  const random = numbers(count + 1);
  await run(
    count,
    perTrial(() => random.uniform(count, -2, 2)),
  );
});

test('without momentum', async () => {
  await run(
    12,
    perTrial((slot) => numbers(slot).uniform(12)),
    0,
  );
});

test('NaN and infinity get through, but to no frozen parameter', async () => {
  const gradient = perTrial(() => Float32Array.of(NaN, Infinity, -Infinity, 1, NaN, Infinity));
  for (const parameters of await run(6, gradient)) {
    expect([...parameters].map(Number.isFinite)).toEqual([false, false, false, true, true, true]);
  }
});
