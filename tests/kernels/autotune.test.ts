import { expect, test, vi } from 'vitest';
import type { Gpu } from '../../src/gpu/device';
import { autotune } from '../../src/kernels/autotune';
import { KERNELS } from '../../src/kernels/index';
import type { KernelCall } from '../../src/kernels/kernel';
import { testGpu } from '../gpu_device';

const product = (side: number): KernelCall => ({
  kernel: 'matmul',
  tensors: {},
  fields: { rows: side, inner: side, cols: side, scale: 1 },
  variant: {},
});
const other: KernelCall = { kernel: 'gather', tensors: {}, fields: {}, variant: {} };

/** The test's GPU by a name that nobody has measured. */
async function unmeasured(name: string): Promise<Gpu> {
  const gpu = await testGpu();
  return { ...gpu, adapter: { ...gpu.adapter, name, software: true } };
}

test('a call of one size gets one of its configurations, others none, and the GPU itself is as before', async () => {
  const gpu = await unmeasured('one');
  const tuned = await autotune(gpu, [product(16), other, product(8)]);
  expect(Object.keys(tuned.adapter.tuned ?? {})).toEqual(['matmul, small']);
  expect(KERNELS['matmul']!.tuning!.configurations(gpu.adapter)).toContain(
    tuned.adapter.tuned?.['matmul, small'],
  );
  expect(gpu.adapter.tuned).toBeUndefined();
  expect({ ...tuned, adapter: gpu.adapter }).toEqual(gpu);
});

test('an adapter is measured once, for a new device too, and not at all where there is no choice', async () => {
  const gpu = await unmeasured('two');
  const submit = vi.spyOn(gpu.device.queue, 'submit');
  try {
    const first = await autotune(gpu, [product(16)]);
    const submits = submit.mock.calls.length;
    expect(submits > 0).toBe(gpu.adapter.subgroups);
    const again = await autotune(await unmeasured('two'), [product(12)]);
    expect(again.adapter.tuned).toEqual(first.adapter.tuned);
    expect(await autotune(first, [product(12)])).toEqual(first);
    const without = { ...gpu, adapter: { ...gpu.adapter, name: 'without', subgroups: false } };
    expect((await autotune(without, [product(16)])).adapter.tuned).toEqual({ 'matmul, small': 'tile' });
    expect(submit.mock.calls.length).toBe(submits);
  } finally {
    submit.mockRestore();
  }
});

test('what would be the fastest is not chosen where the driver refuses it', async () => {
  const gpu = await unmeasured('refuses');
  const device = new Proxy(gpu.device, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (key === 'createComputePipelineAsync')
        return (descriptor: GPUComputePipelineDescriptor) =>
          descriptor.label?.includes('block')
            ? Promise.reject(new Error('refused'))
            : target.createComputePipelineAsync(descriptor);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const { adapter } = await autotune({ ...gpu, device }, [product(16)]);
  expect(adapter.tuned).toEqual({ 'matmul, small': 'tile' });
});
