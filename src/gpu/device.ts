import { DeviceErrors } from './device_errors';
import { DeviceLostError, GpuUnavailableError, type GpuUnavailableState } from './errors';

/** What the kernels need of an adapter. All of it is WebGPU's default, which an adapter in compatibility mode may be below. */
const NEEDED = {
  maxStorageBuffersPerShaderStage: 8,
  maxUniformBuffersPerShaderStage: 2,
  maxBindingsPerBindGroup: 11,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupSizeY: 256,
  maxComputeWorkgroupSizeZ: 64,
  maxComputeWorkgroupsPerDimension: 65535,
} as const satisfies Partial<Record<keyof GPUSupportedLimits, number>>;
/** Of the two buffer limits, what the adapter has is asked for up to this. */
const MOST_BUFFER_BYTES = 2 ** 30;
/**
 * A device in hardware that has not ended a slice by then will not: one is meant to last 40 ms, and drivers give up after some
 * seconds. In software a single step of a large network may take minutes.
 */
const PATIENCE = { hardware: 60_000, software: 1_200_000 };
/**
 * Milliseconds after which a device is asked for again, one after the other: the browser's GPU process, or a driver, may just have
 * ended, and be back by then. Where there seems to be no adapter there mostly is none, so that the page does not wait as long.
 */
const AGAIN: Readonly<Partial<Record<GpuUnavailableState, readonly number[]>>> = {
  'device-failed': [100, 400, 1600],
  'no-adapter': [100, 400],
};
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
  readonly errors: DeviceErrors;
  /** Milliseconds after which a device that does not answer counts as lost. */
  readonly patience: number;
  destroy(): void;
}

export interface GpuRequest {
  /** `isSecureContext`: browsers hide WebGPU from pages that are neither HTTPS nor localhost. */
  readonly secure: boolean;
  /** Which of several. */
  readonly adapter?: GPURequestAdapterOptions;
  /** Of `Gpu`, instead of what suits the adapter. */
  readonly patience?: number;
  /** Is told, in words, of what failed at first. */
  readonly tell?: (words: string) => void;
}

/**
 * Takes an adapter and a device of it.
 * @param gpu `navigator.gpu`, where there is one
 * @throws GpuUnavailableError
 */
export async function requestGpu(
  gpu: Pick<GPU, 'requestAdapter'> | undefined,
  request: GpuRequest,
): Promise<Gpu> {
  if (!gpu) {
    throw request.secure
      ? new GpuUnavailableError('no-webgpu', 'This browser has no WebGPU')
      : new GpuUnavailableError('insecure-context', 'WebGPU needs HTTPS or localhost');
  }
  const failures: GpuUnavailableError[] = [];
  for (;;) {
    try {
      const taken = await takeGpu(gpu, request);
      if (failures[0]) request.tell?.(`${failures[0].message} at first; it was asked for again.`);
      return taken;
    } catch (error) {
      if (!(error instanceof GpuUnavailableError)) throw error;
      const pause = AGAIN[error.state]?.[failures.push(error) - 1];
      if (pause === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

async function takeGpu(
  gpu: Pick<GPU, 'requestAdapter'>,
  { adapter: options = { powerPreference: 'high-performance' }, patience }: GpuRequest,
): Promise<Gpu> {
  const adapter = await given(gpu.requestAdapter(options));
  if (!adapter) throw new GpuUnavailableError('no-adapter', 'WebGPU found no usable graphics adapter');
  checkLimits(adapter.limits);
  const device = await requestDevice(adapter);
  let destroyed = false;
  const lost = device.lost.then(
    ({ reason, message }) => new DeviceLostError(destroyed, reason, message), // attached before anything can happen
  );
  const description = describeAdapter(adapter);
  return {
    device,
    adapter: { ...description, subgroups: device.features.has('subgroups') },
    limits: device.limits,
    features: device.features,
    lost,
    errors: new DeviceErrors(device),
    patience: patience ?? (description.software ? PATIENCE.software : PATIENCE.hardware),
    destroy() {
      destroyed = true;
      device.destroy();
    },
  };
}

function checkLimits(limits: GPUSupportedLimits): void {
  for (const [name, needed] of Object.entries(NEEDED)) {
    const offered = limits[name as keyof typeof NEEDED];
    if (offered < needed)
      throw new GpuUnavailableError(
        'limits',
        `The graphics adapter's ${name} is ${offered}; ${needed} is needed`,
      );
  }
}

async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
  return given(
    adapter.requestDevice({
      label: 'normscape.device',
      requiredLimits: {
        maxStorageBufferBindingSize: Math.min(maxStorageBufferBindingSize, MOST_BUFFER_BYTES),
        maxBufferSize: Math.min(maxBufferSize, MOST_BUFFER_BYTES),
      },
      requiredFeatures: OPTIONAL_FEATURES.filter((feature) => adapter.features.has(feature)),
    }),
  );
}

/** What was asked for on the way to a device; either request is rejected while the browser's GPU process is gone. */
async function given<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (cause) {
    throw new GpuUnavailableError('device-failed', 'The graphics adapter gave no device', { cause });
  }
}

/** What there may be of an adapter: older browsers have no `info`, or less in it, and say elsewhere that it is a fallback. */
export interface AdapterFacts {
  readonly info?: Partial<GPUAdapterInfo> | undefined;
  readonly isFallbackAdapter?: boolean;
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|microsoft basic render/i;

/** The adapter in words. Software drivers often fail to call themselves a fallback adapter, so their names count too. */
export function describeAdapter(facts: AdapterFacts): Omit<GpuAdapter, 'subgroups' | 'tuned'> {
  const { info = {} } = facts;
  const { vendor = '', architecture = '', device = '', description = '' } = info;
  const words = [vendor, architecture, device, description].join(' ');
  const software = Boolean(info.isFallbackAdapter ?? facts.isFallbackAdapter) || SOFTWARE.test(words);
  // Dawn on Vulkan describes the driver, and names the GPU elsewhere.
  const isDriver = description.includes(': ') && device !== '';
  const hardware = isDriver
    ? `${device} (${description})`
    : description || [vendor, architecture || device].filter(Boolean).join(' ') || 'unnamed adapter';
  return {
    vendor,
    architecture,
    description,
    software,
    name: software ? `${hardware} (software adapter)` : hardware,
  };
}
