import source from '../../shaders/check_sum.wgsl?raw';
import { createStorage } from '../gpu/buffers';
import { computePipeline } from '../gpu/compile';
import type { Gpu } from '../gpu/device';
import type { Stretch } from '../gpu/readback';

const WORKGROUP_SIZE = 64;
/** Words that an invocation adds. */
const WORDS = 64;
/** Bytes between two sums: where every device lets a binding begin. */
const APART = 256;

/** The check sum of words, one array after the other, as `check_sum.wgsl` makes it. */
export function checkSum(arrays: Iterable<Float32Array | Uint32Array>): number {
  let sum = 0;
  let place = 0;
  for (const { buffer, byteOffset, length } of arrays)
    for (const word of new Uint32Array(buffer, byteOffset, length)) {
      let bits = word ^ Math.imul(place, 0x9e3779b9);
      bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
      bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
      sum = (sum + (bits ^ (bits >>> 16))) | 0;
      place += 1;
    }
  return sum >>> 0;
}

/** Check sums of buffers, made on the GPU: what really lies there. */
export class CheckSums {
  private readonly sums: GPUBuffer;

  private constructor(
    private readonly gpu: Gpu,
    private readonly pipeline: GPUComputePipeline,
    private readonly most: number,
  ) {
    this.sums = createStorage(gpu, 'check sums', (most * APART) / 4);
  }

  /** @param most sums at once */
  static async open(gpu: Gpu, most: number): Promise<CheckSums> {
    const pipeline = await computePipeline(gpu, {
      label: 'check_sum',
      parts: [{ file: 'shaders/check_sum.wgsl', text: source }],
      bindings: ['read-only-storage', 'storage'],
      constants: { WORKGROUP_SIZE, WORDS },
    });
    return new CheckSums(gpu, pipeline, most);
  }

  /** Makes the sums of stretches of storage buffers, and says where they will be, in order, to be read by `at`. */
  encode(encoder: GPUCommandEncoder, stretches: readonly Required<Stretch>[]): Stretch {
    if (stretches.length > this.most) throw new RangeError(`More than ${this.most} check sums at once`);
    encoder.clearBuffer(this.sums);
    const pass = encoder.beginComputePass({ label: 'check_sum' });
    pass.setPipeline(this.pipeline);
    const { maxComputeWorkgroupsPerDimension } = this.gpu.limits;
    for (const [index, resource] of stretches.entries()) {
      const sum = { buffer: this.sums, offset: index * APART, size: 4 };
      const group = this.gpu.device.createBindGroup({
        label: 'check_sum.group',
        layout: this.pipeline.getBindGroupLayout(0),
        entries: [resource, sum].map((resource, binding) => ({ binding, resource })),
      });
      pass.setBindGroup(0, group);
      const workgroups = Math.ceil(resource.size / 4 / (WORKGROUP_SIZE * WORDS));
      const x = Math.min(workgroups, maxComputeWorkgroupsPerDimension);
      pass.dispatchWorkgroups(x, Math.ceil(workgroups / x));
    }
    pass.end();
    return { buffer: this.sums, size: stretches.length * APART };
  }

  /** The sum at an index, of what was read. */
  static at(read: ArrayBuffer, index: number): number {
    return new Uint32Array(read)[(index * APART) / 4]!;
  }

  close(): void {
    this.sums.destroy();
  }
}
