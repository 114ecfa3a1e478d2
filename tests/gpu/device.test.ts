import { describe, expect, test } from 'vitest';
import { createStorage } from '../../src/gpu/buffers';
import { describeAdapter, requestGpu } from '../../src/gpu/device';
import { DeviceLostError, GpuUnavailableError, type GpuUnavailableState } from '../../src/gpu/errors';
import { readBuffers } from '../../src/gpu/readback';
import { entry, testGpu } from '../gpu_device';

describe('without a usable GPU, the state says why', () => {
  async function realAdapter(): Promise<GPUAdapter> {
    const adapter = await (await entry()).requestAdapter();
    if (!adapter) throw new Error('no adapter');
    return adapter;
  }

  test.each<[GpuUnavailableState, boolean, () => Promise<Pick<GPU, 'requestAdapter'> | undefined>]>([
    ['insecure-context', false, () => Promise.resolve(undefined)],
    ['no-webgpu', true, () => Promise.resolve(undefined)],
    ['no-adapter', true, () => Promise.resolve({ requestAdapter: () => Promise.resolve(null) })],
    [
      'device-failed',
      true,
      async () => {
        const adapter = await realAdapter();
        Object.defineProperty(adapter, 'requestDevice', {
          value: () => Promise.reject(new Error('out of devices')),
        });
        return { requestAdapter: () => Promise.resolve(adapter) };
      },
    ],
  ])('%s', async (state, secure, gpu) => {
    const error = await requestGpu(await gpu(), { secure }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GpuUnavailableError);
    expect(error).toMatchObject({ state });
  });
});

describe('while the browser’s GPU process starts again', () => {
  const gone = () => Promise.reject(new Error('A valid external Instance reference no longer exists.'));

  test.each<[string, (real: GPUAdapter) => Promise<GPUAdapter | null>, RegExp]>([
    ['there is no adapter', () => Promise.resolve(null), /^WebGPU found no usable graphics adapter at first/],
    ['no adapter is looked for', gone, /^The graphics adapter gave no device at first/],
    [
      'an adapter gives no device',
      async (real) =>
        new Proxy(real, {
          get(target, key) {
            const value: unknown = key === 'requestDevice' ? gone : Reflect.get(target, key, target);
            return typeof value === 'function' ? value.bind(target) : value;
          },
        }),
      /^The graphics adapter gave no device at first/,
    ],
  ])('%s, and it is asked for again', async (_what, first, words) => {
    const said: string[] = [];
    let asked = 0;
    const gpu = await requestGpu(
      {
        async requestAdapter() {
          const real = (await (await entry()).requestAdapter())!;
          asked += 1;
          return asked === 1 ? first(real) : real;
        },
      },
      { secure: true, tell: (text) => said.push(text) },
    );
    expect(asked).toBe(2);
    expect(said).toEqual([expect.stringMatching(words)]);
    gpu.destroy();
  });
});

describe('describeAdapter', () => {
  const info = {
    vendor: 'apple',
    architecture: 'metal-3',
    device: '',
    description: '',
    isFallbackAdapter: false,
  };

  test('names hardware by its description, else by vendor and architecture', () => {
    expect(describeAdapter({ info })).toMatchObject({ name: 'apple metal-3', software: false });
    expect(describeAdapter({ info: { ...info, description: 'Apple M3' } }).name).toBe('Apple M3');
    // As an H100 calls itself by Dawn.
    const driver = { device: 'nvidia-h100-80gb-hbm3', description: 'NVIDIA: 580.159.04 580.159.4.0' };
    expect(describeAdapter({ info: { ...info, ...driver } }).name).toBe(
      'nvidia-h100-80gb-hbm3 (NVIDIA: 580.159.04 580.159.4.0)',
    );
    expect(describeAdapter({ info: { ...info, vendor: '', architecture: '' } }).name).toBe('unnamed adapter');
  });

  test.each([
    { isFallbackAdapter: true },
    { vendor: 'google', architecture: 'swiftshader' },
    { description: 'llvmpipe (LLVM 15.0.6, 256 bits)' },
    { device: 'Lavapipe' },
    { description: 'Microsoft Basic Render Driver' },
  ])('calls %o software', (software) => {
    const adapter = describeAdapter({ info: { ...info, ...software } });
    expect(adapter.software).toBe(true);
    expect(adapter.name).toMatch(/ \(software adapter\)$/);
  });
});

describe('an adapter of an older browser', () => {
  test.each([{}, { info: undefined }, { info: {} }])('is named though it says %o', (facts) => {
    expect(describeAdapter(facts)).toEqual({
      vendor: '',
      architecture: '',
      description: '',
      software: false,
      name: 'unnamed adapter',
    });
  });

  test('may say itself that it is a fallback', () => {
    expect(describeAdapter({ isFallbackAdapter: true }).name).toBe('unnamed adapter (software adapter)');
    expect(describeAdapter({ info: { vendor: 'x' }, isFallbackAdapter: true }).software).toBe(true);
  });
});

test.each([
  ['maxStorageBuffersPerShaderStage', 4],
  ['maxComputeInvocationsPerWorkgroup', 128],
  ['maxComputeWorkgroupStorageSize', 8192],
] as const)('an adapter whose %s is %i is refused in words', async (name, offered) => {
  const adapter = (await (await entry()).requestAdapter())!;
  const limits = new Proxy(adapter.limits, {
    get: (target, key) => (key === name ? offered : Reflect.get(target, key, target)),
  });
  const small = new Proxy(adapter, {
    get: (target, key) => (key === 'limits' ? limits : Reflect.get(target, key, target)),
  });
  const error = await requestGpu({ requestAdapter: async () => small }, { secure: true }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(GpuUnavailableError);
  expect(error).toMatchObject({ state: 'limits' });
  expect(String(error)).toMatch(new RegExp(`${name} is ${offered}; \\d+ is needed`));
});

test('takes of the buffer limits what the adapter has, up to 1 GiB', async () => {
  const adapter = await (await entry()).requestAdapter();
  const { limits } = await testGpu();
  for (const limit of ['maxBufferSize', 'maxStorageBufferBindingSize'] as const) {
    expect(limits[limit]).toBe(Math.min(adapter!.limits[limit], 2 ** 30));
  }
});

describe('the loss of a device', () => {
  test('resolves lost, as deliberate when destroyed here', async () => {
    const gpu = await requestGpu(await entry(), { secure: true });
    gpu.destroy();
    const error = await gpu.lost;
    expect(error).toBeInstanceOf(DeviceLostError);
    expect(error.deliberate).toBe(true);
  });

  test('is not called deliberate when someone else destroys it', async () => {
    const gpu = await requestGpu(await entry(), { secure: true });
    gpu.device.destroy();
    expect((await gpu.lost).deliberate).toBe(false);
  });

  test('rejects a readback that comes after, and one that was pending unless it was done', async () => {
    const gpu = await requestGpu(await entry(), { secure: true });
    const buffer = createStorage(gpu, 'test', 4);
    const pending = readBuffers(gpu, [{ buffer }]).catch((error: unknown) => error);
    gpu.destroy();
    // What was submitted before may still have been done: then these are its zeros.
    const end = await pending;
    const wasDone = Array.isArray(end) && new Uint32Array(end[0]).every((word) => word === 0);
    expect(wasDone || end instanceof DeviceLostError).toBe(true);
    await expect(readBuffers(gpu, [{ buffer }])).rejects.toBeInstanceOf(DeviceLostError);
  });
});
