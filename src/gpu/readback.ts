import { createBuffer } from './buffers';
import type { Gpu } from './device';

/** A stretch of a buffer, in bytes; multiples of 4. */
export interface Stretch {
  readonly buffer: GPUBuffer;
  readonly offset?: number;
  readonly size?: number;
}

/**
 * Copies stretches of buffers to the CPU with one submit and one mapping.
 * @throws DeviceLostError when the device goes before the data is here
 */
export async function readBuffers(gpu: Gpu, stretches: readonly Stretch[]): Promise<ArrayBuffer[]> {
  const { device } = gpu;
  const ranges: { at: number; size: number }[] = [];
  let total = 0;
  for (const { buffer, offset = 0, size = buffer.size - offset } of stretches) {
    ranges.push({ at: total, size });
    total += size;
  }
  const staging = createBuffer(gpu, 'readback', total, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  try {
    const encoder = device.createCommandEncoder({ label: 'readback' });
    stretches.forEach(({ buffer, offset = 0 }, i) => {
      const range = ranges[i];
      if (range && range.size > 0) encoder.copyBufferToBuffer(buffer, offset, staging, range.at, range.size);
    });
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ).catch((error: unknown) => rejectAsLost(gpu, error));
    const mapped = staging.getMappedRange();
    return ranges.map(({ at, size }) => mapped.slice(at, at + size));
  } finally {
    staging.destroy();
  }
}

/** A mapping that fails because the device is gone says so only vaguely, and shortly before or after `lost` does. */
async function rejectAsLost(gpu: Gpu, error: unknown): Promise<never> {
  const patience = new Promise<unknown>((resolve) => setTimeout(() => resolve(error), 1000));
  throw await Promise.race([gpu.lost, patience]);
}
