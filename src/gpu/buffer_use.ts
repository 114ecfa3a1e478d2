import type { Gpu } from './device';

/** Counts the bytes of a device's living buffers, all that are made from now on. */
export class BufferUse {
  private readonly sizes = new Map<GPUBuffer, { label: string; size: number }>();
  private bytes = 0;
  /** The most bytes that lived at once, since it was last set to 0. */
  peak = 0;

  constructor({ device }: Pick<Gpu, 'device'>) {
    const create = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      const buffer = create(descriptor);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        if (this.sizes.delete(buffer)) this.bytes -= descriptor.size;
        return destroy();
      };
      this.sizes.set(buffer, { label: descriptor.label ?? '', size: descriptor.size });
      this.bytes += descriptor.size;
      this.peak = Math.max(this.peak, this.bytes);
      return buffer;
    };
  }

  /** The labels of the buffers that live. */
  get living(): string[] {
    return Array.from(this.sizes.values(), ({ label }) => label);
  }
}
