import bandwidthSource from '../../shaders/ceiling_bandwidth.wgsl?raw';
import computeSource from '../../shaders/ceiling_compute.wgsl?raw';
import { createBuffer, createStorage, upload } from '../gpu/buffers';
import { computePipeline, type PipelineRequest } from '../gpu/compile';
import type { Gpu } from '../gpu/device';
import { readBuffers } from '../gpu/readback';
import type { GpuTimer, SamplingRules } from '../gpu/timing';

/** What an adapter was seen to do in the same run: "measured ceilings", never its peak. */
export interface Ceilings {
  /** Floating-point operations a second; a multiply-add is two. */
  readonly flops: number;
  /** Bytes a second, read and written. */
  readonly bytes: number;
}

/** Work whose amount is known and whose result can be checked. */
export interface CeilingWork {
  /** Operations, or bytes, of one repeat. */
  readonly amount: number;
  encode(pass: GPUComputePassEncoder): void;
  /** The first numbers of the result. */
  read(count: number): Promise<Float32Array>;
  close(): void;
}

/**
 * Seconds that a sample of a ceiling lasts on a software adapter at least. It shares the CPU with whatever else runs, so that a
 * short burst sees cores that no kernel of some length keeps.
 */
const SUSTAINED = 0.3;

export async function measureCeilings(gpu: Gpu, timer: GpuTimer, rules: SamplingRules): Promise<Ceilings> {
  const { software } = gpu.adapter;
  const shortest = software ? Math.max(SUSTAINED, rules.shortest) : rules.shortest;
  const rate = async (work: CeilingWork) => {
    try {
      const { median } = await timer.time((pass) => work.encode(pass), { ...rules, shortest });
      return work.amount / median;
    } finally {
      work.close();
    }
  };
  const flops = await rate(
    await computeCeiling(gpu, software ? { lanes: 2 ** 11, rounds: 256 } : { lanes: 2 ** 18, rounds: 128 }),
  );
  const bytes = await rate(await bandwidthCeiling(gpu, software ? 2 ** 24 : 2 ** 25));
  return { flops, bytes };
}

/** Chains × components × steps a round × 2 operations. */
const FLOPS_A_ROUND = 8 * 4 * 8 * 2;
export const FACTOR = 0.96875;
export const TERM = 0.03125;

/** @param lanes invocations, a multiple of 256 */
export async function computeCeiling(
  gpu: Gpu,
  { lanes, rounds }: { lanes: number; rounds: number },
): Promise<CeilingWork> {
  const WORKGROUP_SIZE = gpu.adapter.software ? 16 : 256;
  const words = new Uint32Array(4);
  new Float32Array(words.buffer).set([FACTOR, TERM]);
  words[2] = rounds;
  const out = createStorage(gpu, 'ceiling.out', lanes);
  return ceilingWork(gpu, {
    request: {
      label: 'ceiling_compute',
      parts: [{ file: 'shaders/ceiling_compute.wgsl', text: computeSource }],
      bindings: ['uniform', 'storage'],
      constants: { WORKGROUP_SIZE },
    },
    uniform: words,
    buffers: [out],
    workgroups: lanes / WORKGROUP_SIZE,
    amount: lanes * rounds * FLOPS_A_ROUND,
  });
}

/** @param elements of each of the three buffers; a multiple of 4 */
export async function bandwidthCeiling(gpu: Gpu, elements: number): Promise<CeilingWork> {
  const shape = gpu.adapter.software
    ? { WORKGROUP_SIZE: 16, VECTORS: 256 }
    : { WORKGROUP_SIZE: 256, VECTORS: 4 };
  const buffers = ['a', 'b', 'out'].map((name) => createStorage(gpu, `ceiling.${name}`, elements));
  const first = Float32Array.from({ length: Math.min(elements, 256) }, (_, i) => i);
  for (const buffer of buffers) upload(gpu, buffer, first);
  return ceilingWork(gpu, {
    request: {
      label: 'ceiling_bandwidth',
      parts: [{ file: 'shaders/ceiling_bandwidth.wgsl', text: bandwidthSource }],
      bindings: ['uniform', 'read-only-storage', 'read-only-storage', 'storage'],
      constants: shape,
    },
    uniform: new Float32Array(4).fill(FACTOR),
    buffers,
    workgroups: Math.ceil(elements / 4 / (shape.WORKGROUP_SIZE * shape.VECTORS)),
    amount: 3 * elements * Float32Array.BYTES_PER_ELEMENT,
  });
}

interface Described {
  readonly request: PipelineRequest;
  readonly uniform: Float32Array | Uint32Array;
  /** By binding, from 1; the last is the result. */
  readonly buffers: readonly GPUBuffer[];
  readonly workgroups: number;
  readonly amount: number;
}

async function ceilingWork(
  gpu: Gpu,
  { request, uniform, buffers, workgroups, amount }: Described,
): Promise<CeilingWork> {
  const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  const constants = createBuffer(gpu, `${request.label}.constants`, uniform.byteLength, usage);
  upload(gpu, constants, uniform);
  const pipeline = await computePipeline(gpu, request);
  const group = gpu.device.createBindGroup({
    label: `${request.label}.group`,
    layout: pipeline.getBindGroupLayout(0),
    entries: [constants, ...buffers].map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  return {
    amount,
    encode(pass) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(workgroups);
    },
    async read(count) {
      const [bytes] = await readBuffers(gpu, [{ buffer: buffers.at(-1)!, size: count * 4 }]);
      return new Float32Array(bytes!);
    },
    close() {
      for (const buffer of [constants, ...buffers]) buffer.destroy();
    },
  };
}
