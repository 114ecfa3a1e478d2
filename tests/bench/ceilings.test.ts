import { describe, expect, test } from 'vitest';
import type { Gpu } from '../../src/gpu/device';
import { bandwidthCeiling, computeCeiling, FACTOR, TERM, type CeilingWork } from '../../src/bench/ceilings';
import { testGpu } from '../gpu_device';

async function run(gpu: Gpu, work: CeilingWork, count: number): Promise<number[]> {
  const encoder = gpu.device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  work.encode(pass);
  pass.end();
  gpu.device.queue.submit([encoder.finish()]);
  const found = [...(await work.read(count))];
  work.close();
  return found;
}

describe.each([true, false])('as for a software adapter: %s', (software) => {
  const gpu = async () => {
    const present = await testGpu();
    return { ...present, adapter: { ...present.adapter, software } };
  };

  test('the compute ceiling does all the arithmetic that it counts', async () => {
    const on = await gpu();
    const rounds = 3;
    const work = await computeCeiling(on, { lanes: 512, rounds });
    expect(work.amount).toBe(512 * rounds * (8 * 4) * 8 * 2);
    let expected = 0;
    for (let chain = 0; chain < 8; chain += 1) {
      let x = 1 + chain / 8;
      for (let step = 0; step < 8 * rounds; step += 1) x = FACTOR * x + TERM;
      expected += 4 * x;
    }
    const found = await run(on, work, 512);
    for (const sum of found) expect(Math.abs(sum - expected)).toBeLessThan(1e-4);
  });

  test('the bandwidth ceiling moves every element that it counts', async () => {
    const on = await gpu();
    const work = await bandwidthCeiling(on, 2 ** 16);
    expect(work.amount).toBe(3 * 4 * 2 ** 16);
    const found = await run(on, work, 2 ** 16);
    expect(found.slice(0, 256)).toEqual(Array.from({ length: 256 }, (_, i) => i + FACTOR * i));
    expect(found.slice(256).every((value) => value === 0)).toBe(true);
  });

  test('the last element is reached', async () => {
    const on = await gpu();
    const work = await bandwidthCeiling(on, 256);
    expect((await run(on, work, 256)).at(-1)).toBe(255 + FACTOR * 255);
  });
});
