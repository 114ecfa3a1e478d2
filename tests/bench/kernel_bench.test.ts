import { beforeAll, describe, expect, test } from 'vitest';
import { GpuTimer, type SamplingRules } from '../../src/gpu/timing';
import { KERNELS } from '../../src/kernels/index';
import { benchCall, benchKernel, KERNEL_NAMES, type KernelMeasurement } from '../../src/bench/kernel_bench';
import { KERNEL_SIZES, sizeNamed, type KernelSize } from '../../src/bench/kernel_sizes';
import { testGpu } from '../gpu_device';

const RULES: SamplingRules = { shortest: 0, samples: 2, slow: Infinity, slowSamples: 2 };
const CEILINGS = { flops: 1e9, bytes: 1e9 };
/** Several trials of odd sizes, so that nothing fits a tile. */
const ODD: KernelSize = {
  id: 'odd',
  name: 'odd',
  trials: 5,
  rows: 37,
  inner: 41,
  cols: 19,
  hardwareOnly: false,
};

let timer: GpuTimer;
beforeAll(async () => {
  timer = await GpuTimer.open(await testGpu());
});

async function bench(name: string, size: KernelSize, software = true): Promise<KernelMeasurement> {
  const gpu = await testGpu();
  const adapter = { ...gpu.adapter, software };
  return benchKernel({ ...gpu, adapter }, timer, CEILINGS, name, size, RULES);
}

test('every kernel can be measured', () => {
  const called = new Set(KERNEL_NAMES.map((name) => benchCall(name, ODD).kernel));
  expect([...called]).toEqual(Object.keys(KERNELS));
});

describe.each(KERNEL_NAMES)('%s', (name) => {
  test.each([
    ['tiny', true],
    ['tiny', false],
    ['odd', true],
    ['odd', false],
  ] as const)('agrees with its twin within rounding: %s, software %s', async (id, software) => {
    const row = await bench(name, id === 'odd' ? ODD : sizeNamed(id)!, software);
    expect(row.errorShare).toBeLessThanOrEqual(1);
    expect(row.largestError).toBeLessThan(1e-3);
    expect(row).toMatchObject({ kernel: name, size: id });
    for (const value of [row.gpu.median, row.reference.seconds, row.bytesPerSecond, row.ceilingShare])
      expect(Number.isFinite(value)).toBe(true);
  });

  test('takes the tensors, fields and variant that its host declares', () => {
    const { kernel: called, tensors, fields, variant } = benchCall(name, ODD);
    const kernel = KERNELS[called]!;
    expect(Object.keys(tensors)).toEqual(Object.keys(kernel.tensors));
    expect(Object.keys(fields).sort()).toEqual(Object.keys(kernel.fields).sort());
    expect(Object.keys(variant).sort()).toEqual([...kernel.variant].sort());
  });
});

test('a product too large for the CPU is compared and timed in part', async () => {
  const size: KernelSize = { ...ODD, trials: 1, rows: 64, inner: 1024, cols: 1024 };
  const row = await bench('matmul', size);
  expect(row.reference.share).toBe(0.5);
  expect(row.largestError).toBeGreaterThan(0);
  expect(row.errorShare).toBeLessThanOrEqual(1);
});

test('what is wrong shows: a kernel that is told another scale than its twin', async () => {
  const gpu = await testGpu();
  const { queue } = gpu.device;
  // The product's factor is the last word of its call; the twin keeps 1.
  const device = new Proxy(gpu.device, {
    get(target, key) {
      if (key === 'queue')
        return new Proxy(queue, {
          get: (inner, name) => {
            const found: unknown = Reflect.get(inner, name, inner);
            if (name !== 'writeBuffer') return typeof found === 'function' ? found.bind(inner) : found;
            return (buffer: GPUBuffer, offset: number, data: ArrayBuffer, from: number, size: number) => {
              const copy = data.slice(from, from + size);
              if (buffer.label === 'calls') new Float32Array(copy)[15] = 1.001;
              inner.writeBuffer(buffer, offset, copy);
            };
          },
        });
      const found: unknown = Reflect.get(target, key, target);
      return typeof found === 'function' ? found.bind(target) : found;
    },
  });
  const row = await benchKernel({ ...gpu, device }, timer, CEILINGS, 'matmul', ODD, RULES);
  expect(row.errorShare).toBeGreaterThan(1);
});

test('sizes have names of their own', () => {
  expect(new Set(KERNEL_SIZES.map(({ id }) => id)).size).toBe(KERNEL_SIZES.length);
  expect(sizeNamed('square-4096')?.hardwareOnly).toBe(true);
  expect(sizeNamed('square-1024')?.hardwareOnly).toBe(false);
});
