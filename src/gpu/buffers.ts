import type { Gpu } from './device';
import { LimitExceededError } from './errors';

/** Storage that is also copied from and to; what nearly every buffer here is. */
const STORAGE = () => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;

/**
 * A buffer full of zeros.
 * @param bytes rounded up to a multiple of 4, and to 4 at least
 * @throws LimitExceededError
 */
export function createBuffer(gpu: Gpu, label: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
  const size = Math.max(4, Math.ceil(bytes / 4) * 4);
  const { maxBufferSize, maxStorageBufferBindingSize } = gpu.limits;
  const isStorage = (usage & GPUBufferUsage.STORAGE) !== 0;
  const maximum = isStorage ? Math.min(maxBufferSize, maxStorageBufferBindingSize) : maxBufferSize;
  if (size > maximum) {
    throw new LimitExceededError(
      `bytes of buffer ${label}`,
      size,
      maximum,
      'train fewer trials at once or a smaller network',
    );
  }
  return gpu.errors.watch(() => gpu.device.createBuffer({ label, size, usage }));
}

/** A storage buffer of `elements` 32-bit zeros. */
export function createStorage(gpu: Gpu, label: string, elements: number): GPUBuffer {
  return createBuffer(gpu, label, elements * 4, STORAGE());
}

/** A storage buffer that begins with `data`. */
export function uploadStorage(gpu: Gpu, label: string, data: Float32Array | Uint32Array): GPUBuffer {
  const buffer = createStorage(gpu, label, data.length);
  upload(gpu, buffer, data);
  return buffer;
}

/** Queues the writing of `data` at an element offset; it happens before anything submitted later. */
export function upload(gpu: Gpu, buffer: GPUBuffer, data: Float32Array | Uint32Array, offset = 0): void {
  // writeBuffer wants a view that is surely not of shared memory, which the type of `data` leaves open.
  const { buffer: source, byteOffset, byteLength } = data as typeof data & { buffer: ArrayBuffer };
  gpu.errors.watch(() => gpu.device.queue.writeBuffer(buffer, offset * 4, source, byteOffset, byteLength));
}

/** Submits what `encode` puts into an encoder. */
export function submit(gpu: Gpu, label: string, encode: (encoder: GPUCommandEncoder) => void): void {
  gpu.errors.watch(() => {
    const encoder = gpu.device.createCommandEncoder({ label });
    encode(encoder);
    gpu.device.queue.submit([encoder.finish()]);
  });
}

/** Fills buffers with zeros. */
export function zero(gpu: Gpu, buffers: readonly GPUBuffer[]): void {
  submit(gpu, 'zero', (encoder) => {
    for (const buffer of buffers) encoder.clearBuffer(buffer);
  });
}
