import { describe, expect, test } from 'vitest';
import { namesOf } from '../../src/experiment/kinds';
import { activationNumber, ACTIVATION_KERNELS } from '../../src/kernels/activation';
import { saturation as kernel } from '../../src/kernels/saturation';
import { ACTIVATIONS, type ActivationName } from '../../src/reference/activation';
import { saturation as twin } from '../../src/reference/saturation';
import { STATE, STATE_LENGTH } from '../../src/reference/state';
import { expectWithin, numbers, perTrial, runKernel, type Values } from '../kernel_harness';
import { SIZES, ULP } from './sizes';

/** By slot, what is added to the share that was there. */
async function run(y: readonly Values[], name: ActivationName, weight: number, had = 0): Promise<number[]> {
  const before = Float32Array.from({ length: STATE_LENGTH }, (_, i) => (i === STATE.saturated ? had : i));
  const results = await runKernel({
    kernel,
    twin,
    tensors: {
      kept: { values: y, offset: 2, padding: 3 },
      gain: { values: perTrial(() => Float32Array.of(1.5)) },
      state: { values: perTrial(() => before), offset: 1, padding: 2 },
    },
    fields: { weight },
    variant: { ACTIVATION: activationNumber(name) },
  });
  return results.map(({ gpu, twin: reference }) => {
    expectWithin('state', gpu['state']!, reference['state']!, (i) => (i === STATE.saturated ? 4 * ULP : 0));
    return gpu['state']![STATE.saturated]! - had;
  });
}

describe.each(namesOf(ACTIVATIONS))('%s', (name) => {
  const [low, high] = ACTIVATION_KERNELS[name].outputs;

  test.each(SIZES)('%d units', async (count) => {
    const random = numbers(count);
    await run(
      perTrial(() => random.uniform(count, low, high)),
      name,
      1 / count,
      0.25,
    );
  });
});

test.each([
  ['identity', [0, 1, -5, 1e30], 0],
  ['relu', [0, 1e-30, 2, 0], 2],
  // φ′ = y(1 − y) is 0.05 at 0.0528.
  ['sigmoid', [0, 0.0525, 0.0531, 0.5, 0.9469, 0.9475, 1], 4],
  // φ′ = 1 − y² is 0.05 at 0.97468.
  ['tanh', [-1, -0.9748, -0.9746, 0, 0.9746, 0.9748, 1], 4],
] as const)('%s: which are saturated', async (name, values, count) => {
  const found = await run(
    perTrial(() => Float32Array.from(values)),
    name,
    0.125,
  );
  for (const share of found) expect(share).toBe(count / 8);
});

test.each(namesOf(ACTIVATIONS))('%s: NaN is not saturated', async (name) => {
  const found = await run(
    perTrial(() => Float32Array.of(NaN, NaN, 0.5)),
    name,
    1,
  );
  for (const share of found) expect(share).toBe(0);
});
