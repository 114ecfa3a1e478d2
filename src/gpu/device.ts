import { DeviceLostError, GpuUnavailableError } from './errors';

/** Of the two buffer limits, what the adapter has is asked for up to this. */
const MOST_BUFFER_BYTES = 2 ** 30;
const OPTIONAL_FEATURES = ['timestamp-query', 'subgroups'] as const satisfies readonly GPUFeatureName[];

export interface GpuAdapter {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** The CPU plays the GPU, so timings say nothing about a GPU. */
  readonly software: boolean;
  /** For people; says so when the adapter is software. */
  readonly name: string;
  /** Invocations can exchange values: WebGPU's optional feature. */
  readonly subgroups: boolean;
  /** What was found to run fastest here, where that has been measured: kernel and size of a call → configuration. */
  readonly tuned?: Readonly<Record<string, string>>;
}

export interface Gpu {
  readonly device: GPUDevice;
  readonly adapter: GpuAdapter;
  readonly limits: GPUSupportedLimits;
  readonly features: GPUSupportedFeatures;
  /** Resolves, never rejects, when the device is gone. */
  readonly lost: Promise<DeviceLostError>;
  destroy(): void;
}

/**
 * Takes an adapter and a device of it.
 * @param gpu `navigator.gpu`, where there is one
 * @param secure `isSecureContext`: browsers hide WebGPU from pages that are neither HTTPS nor localhost
 * @throws GpuUnavailableError
 */
export async function requestGpu(
  gpu: Pick<GPU, 'requestAdapter'> | undefined,
  { secure }: { secure: boolean },
): Promise<Gpu> {
  if (!gpu) {
    throw secure
      ? new GpuUnavailableError('no-webgpu', 'This browser has no WebGPU')
      : new GpuUnavailableError('insecure-context', 'WebGPU needs HTTPS or localhost');
  }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new GpuUnavailableError('no-adapter', 'WebGPU found no usable graphics adapter');

  const device = await requestDevice(adapter);
  let destroyed = false;
  const lost = device.lost.then(
    ({ reason, message }) => new DeviceLostError(destroyed, reason, message), // attached before anything can happen
  );
  return {
    device,
    adapter: { ...describeAdapter(adapter.info), subgroups: device.features.has('subgroups') },
    limits: device.limits,
    features: device.features,
    lost,
    destroy() {
      destroyed = true;
      device.destroy();
    },
  };
}

async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
  try {
    return await adapter.requestDevice({
      label: 'normscape.device',
      requiredLimits: {
        maxStorageBufferBindingSize: Math.min(maxStorageBufferBindingSize, MOST_BUFFER_BYTES),
        maxBufferSize: Math.min(maxBufferSize, MOST_BUFFER_BYTES),
      },
      requiredFeatures: OPTIONAL_FEATURES.filter((feature) => adapter.features.has(feature)),
    });
  } catch (cause) {
    throw new GpuUnavailableError('device-failed', 'The graphics adapter gave no device', { cause });
  }
}

/** The adapter in words. Software drivers often fail to call themselves a fallback adapter, so their names count too. */
export function describeAdapter(
  info: Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description' | 'isFallbackAdapter'>,
): Omit<GpuAdapter, 'subgroups' | 'tuned'> {
  const { vendor, architecture, device, description } = info;
  const words = [vendor, architecture, device, description].join(' ');
  const software = info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe/i.test(words);
  const hardware =
    description || [vendor, architecture || device].filter(Boolean).join(' ') || 'unnamed adapter';
  return {
    vendor,
    architecture,
    description,
    software,
    name: software ? `${hardware} (software adapter)` : hardware,
  };
}
