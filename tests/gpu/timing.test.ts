import { describe, expect, test } from 'vitest';
import {
  GpuTimer,
  medianAndSpread,
  quantumOf,
  samplingRules,
  timeRepeats,
  type SamplingRules,
} from '../../src/gpu/timing';
import { testGpu } from '../gpu_device';

const RULES: SamplingRules = { shortest: 0.01, samples: 10, slow: 0.3, slowSamples: 4 };

/** Work of which one repeat takes `seconds`, and what was asked of it. */
function fakeWork(seconds: number, noise: (call: number) => number = () => 0) {
  const asked: number[] = [];
  const sample = (repeats: number) => {
    asked.push(repeats);
    return Promise.resolve(repeats * seconds + noise(asked.length));
  };
  return { asked, sample };
}

test('median and interquartile range, interpolated', () => {
  expect(medianAndSpread([4, 1, 3, 2])).toEqual({ median: 2.5, spread: 1.5 });
  expect(medianAndSpread([7])).toEqual({ median: 7, spread: 0 });
  expect(medianAndSpread([1, 2, 3, 4, 1000]).median).toBe(3);
});

describe('repeats', () => {
  test('short work is repeated until a sample is long enough, and divided again', async () => {
    const { asked, sample } = fakeWork(1e-6);
    const timing = await timeRepeats(sample, RULES);
    expect(timing.median).toBeCloseTo(1e-6, 12);
    expect(timing.samples).toBe(10);
    expect(timing.repeats * 1e-6).toBeGreaterThanOrEqual(0.01);
    expect(asked.slice(-10)).toEqual(Array.from({ length: 10 }, () => timing.repeats));
  });

  test('three warm-ups before anything counts', async () => {
    const { asked, sample } = fakeWork(0.02, (call) => (call <= 3 ? 5 : 0));
    const timing = await timeRepeats(sample, { ...RULES, slow: Infinity });
    expect(asked).toHaveLength(3 + 10);
    expect(timing).toEqual({ median: 0.02, spread: 0, samples: 10, repeats: 1 });
  });

  test('slow work gets fewer samples, and says how many', async () => {
    const { asked, sample } = fakeWork(0.5);
    expect(await timeRepeats(sample, RULES)).toMatchObject({ samples: 4, repeats: 1 });
    expect(asked).toHaveLength(3 + 4);
  });

  test('a clock that shows nothing, or less than nothing, ends the search all the same', async () => {
    const nothing = await timeRepeats(() => Promise.resolve(0), RULES);
    expect(nothing.median).toBe(0);
    const { median, repeats } = await timeRepeats(() => Promise.resolve(-1e-5), RULES);
    expect(median).toBeCloseTo(-1e-5 / repeats, 15);
  });

  test('only a software adapter is given fewer samples', () => {
    expect(samplingRules(true).slow).toBe(0.3);
    expect(samplingRules(false).slow).toBe(Infinity);
    expect(samplingRules(false)).toMatchObject({ shortest: 0.01, samples: 10 });
  });
});

test('quantum of timestamps', () => {
  expect(quantumOf([65536n * 3n, 65536n * 7n, 65536n * 7n])).toBe(65536n);
  expect(quantumOf([100_000n, 300_000n, 500_000n])).toBe(100_000n);
  expect(quantumOf([17n, 39n, 40n])).toBe(1n);
  expect(quantumOf([5n, 5n]), 'one tick tells nothing').toBe(0n);
});

describe('on a device', () => {
  const rules: SamplingRules = { shortest: -Infinity, samples: 3, slow: Infinity, slowSamples: 3 };

  test.each(['timestamps', 'difference'] as const)('by %s', async (method) => {
    const present = await testGpu();
    const features = method === 'timestamps' ? present.features : new Set<string>();
    const timer = await GpuTimer.open({ ...present, features });
    expect(timer.method).toBe(method);
    expect(Number.isFinite(timer.quantisation)).toBe(true);
    let encoded = 0;
    const timing = await timer.time(() => (encoded += 1), rules);
    // By difference each sample is two, one of them twice as long, and as long as waiting for nothing at least.
    expect(encoded / (method === 'timestamps' ? 6 : 18)).toBeGreaterThanOrEqual(1);
    expect(timing.samples).toBe(3);
    expect([timing.median, timing.spread].every(Number.isFinite)).toBe(true);
    timer.close();
  });
});
