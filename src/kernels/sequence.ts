import { createBuffer, upload } from '../gpu/buffers';
import { computePipeline, type PipelineRequest } from '../gpu/compile';
import type { Gpu } from '../gpu/device';
import { LimitExceededError } from '../gpu/errors';
import { KERNELS } from './index';
import type { Adapter } from './geometry';
import { OWNER, type Kernel, type KernelCall, type Owner } from './kernel';
import { TALLY_PART, type TrialList } from './trials';

/** A buffer of tensors, and how it is divided among trials, data sets or initial parameter vectors. */
export interface StorageBuffer {
  readonly buffer: GPUBuffer;
  /** Elements per owner; 0 when all share the one region. */
  readonly stride: number;
  readonly owner: Owner;
}
export type Storage = ReadonlyMap<string, StorageBuffer>;

/** Kernel calls that are ready to run, in order. */
export interface Sequence {
  /** By how much a run of it adds to a trial's tally. */
  readonly workgroups: number;
  /** Runs every call for the first `trialCount` entries of the trials list. */
  encode(pass: GPUComputePassEncoder, trialCount: number): void;
  destroy(): void;
}

interface Step {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly workgroups: number;
}

const VIEW_BYTES = 16;

/**
 * Compiles what `calls` need and binds it to `storage`.
 * @throws ShaderCompileError, LimitExceededError; Error when a call and its kernel or the storage disagree
 */
export async function prepareSequence(
  gpu: Gpu,
  calls: readonly KernelCall[],
  storage: Storage,
  trials: TrialList,
): Promise<Sequence> {
  const kernels = calls.map(({ kernel }) => kernelOf(kernel));
  const structs = calls.map((call, i) => packCall(kernels[i]!, call, storage));
  const uniforms = uploadStructs(gpu, structs);
  const steps = await Promise.all(
    calls.map(async (call, i): Promise<Step> => {
      const kernel = kernels[i]!;
      const workgroups = kernel.workgroups(call, gpu.adapter);
      checkWorkgroups(gpu, kernel, workgroups);
      const pipeline = await computePipeline(gpu, kernelPipeline(call, gpu.adapter));
      const struct = { buffer: uniforms.buffer, offset: uniforms.step * i, size: structs[i]!.byteLength };
      const tensors = Object.keys(kernel.tensors).map((name) => ({
        buffer: lookUp(call, name, storage).buffer,
      }));
      const group = gpu.device.createBindGroup({
        label: `${kernel.name}.group`,
        layout: pipeline.getBindGroupLayout(0),
        entries: [struct, { buffer: trials.buffer }, { buffer: trials.tally }, ...tensors].map(
          (resource, binding) => ({ binding, resource }),
        ),
      });
      return { pipeline, group, workgroups };
    }),
  );

  const maximum = gpu.limits.maxComputeWorkgroupsPerDimension;
  return {
    workgroups: steps.reduce((sum, { workgroups }) => sum + workgroups, 0),
    encode(pass, trialCount) {
      if (trialCount === 0) return;
      const y = Math.min(trialCount, maximum);
      const z = Math.ceil(trialCount / y);
      for (const { pipeline, group, workgroups } of steps) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(workgroups, y, z);
      }
    },
    destroy: () => uniforms.buffer.destroy(),
  };
}

/** The pipeline of a call in the form that its kernel has for an adapter. */
export function kernelPipeline(call: KernelCall, adapter: Adapter): PipelineRequest {
  const kernel = kernelOf(call.kernel);
  const chosen = kernel.parts?.(call, adapter) ?? [];
  return {
    label: [kernel.name, ...chosen.map(({ file }) => file)].join(', '),
    parts: [
      ...chosen,
      ...kernel.shared,
      TALLY_PART,
      { file: `shaders/${kernel.name}.wgsl`, text: kernel.source },
    ],
    bindings: bindingTypes(kernel),
    constants: {
      ...pick(kernel, 'constant', kernel.variant, call.variant),
      ...kernel.constants?.(call, adapter),
    },
  };
}

function kernelOf(name: string): Kernel {
  const kernel = KERNELS[name];
  if (!kernel) throw new Error(`no kernel is called ${name}`);
  return kernel;
}

function bindingTypes(kernel: Kernel): GPUBufferBindingType[] {
  const tensors = Object.values(kernel.tensors).map((access) =>
    access === 'read' ? 'read-only-storage' : 'storage',
  );
  return ['uniform', 'read-only-storage', 'storage', ...tensors];
}

/** The `Call` struct of one call, views first. */
function packCall(kernel: Kernel, call: KernelCall, storage: Storage): ArrayBuffer {
  const names = Object.keys(kernel.tensors);
  checkAliasing(kernel, call);
  const fields = Object.entries(kernel.fields);
  // A uniform struct is as long as a multiple of its alignment, which the views make 16.
  const bytes = new ArrayBuffer(Math.ceil((names.length * VIEW_BYTES + fields.length * 4) / 16) * 16);
  const data = new DataView(bytes);
  let at = 0;
  const put = (type: 'u32' | 'f32', value: number) => {
    if (type === 'u32') data.setUint32(at, value, true);
    else data.setFloat32(at, value, true);
    at += 4;
  };
  for (const name of names) {
    const { stride, owner, offset, length } = lookUp(call, name, storage);
    for (const word of [offset, stride, OWNER[owner], length]) put('u32', word);
  }
  const values = pick(kernel, 'field', Object.keys(kernel.fields), call.fields);
  for (const [name, type] of fields) put(type, values[name]!);
  return bytes;
}

/** The view of a tensor together with the buffer in which it lies. */
function lookUp(
  call: KernelCall,
  name: string,
  storage: Storage,
): StorageBuffer & { offset: number; length: number } {
  const view = call.tensors[name];
  if (!view) throw new Error(`${call.kernel}: tensor ${name} is not given`);
  const place = storage.get(view.buffer);
  if (!place)
    throw new Error(`${call.kernel}: tensor ${name} lies in buffer ${view.buffer}, which is not there`);
  const room = place.stride || place.buffer.size / 4;
  if (view.offset + view.length > room) {
    throw new Error(
      `${call.kernel}: tensor ${name} ends at ${view.offset + view.length} of ${view.buffer}'s ${room} elements`,
    );
  }
  return { ...place, offset: view.offset, length: view.length };
}

/** WebGPU forbids a writable binding to share a buffer; said here in the words of the call. */
function checkAliasing(kernel: Kernel, call: KernelCall): void {
  for (const [name, access] of Object.entries(kernel.tensors)) {
    if (access === 'read') continue;
    const buffer = call.tensors[name]?.buffer;
    const other = Object.keys(kernel.tensors).find((n) => n !== name && call.tensors[n]?.buffer === buffer);
    if (other)
      throw new Error(`${kernel.name} writes ${name} into buffer ${buffer}, where ${other} lies too`);
  }
}

function pick(
  kernel: Kernel,
  what: string,
  names: readonly string[],
  given: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(
    names.map((name) => {
      const value = given[name];
      if (value === undefined) throw new Error(`${kernel.name}: ${what} ${name} is not given`);
      return [name, value];
    }),
  );
}

function checkWorkgroups(gpu: Gpu, kernel: Kernel, workgroups: number): void {
  const maximum = gpu.limits.maxComputeWorkgroupsPerDimension;
  if (workgroups > maximum) {
    throw new LimitExceededError(
      `workgroups of ${kernel.name}`,
      workgroups,
      maximum,
      'make the layer or the batch smaller',
    );
  }
}

/** One buffer for the structs of all calls, each at the next multiple of the device's alignment. */
function uploadStructs(gpu: Gpu, structs: readonly ArrayBuffer[]): { buffer: GPUBuffer; step: number } {
  const alignment = gpu.limits.minUniformBufferOffsetAlignment;
  const longest = Math.max(0, ...structs.map(({ byteLength }) => byteLength));
  const step = Math.ceil(longest / alignment) * alignment;
  const words = new Uint32Array((step * structs.length) / 4);
  structs.forEach((struct, i) => words.set(new Uint32Array(struct), (step * i) / 4));
  const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  const buffer = createBuffer(gpu, 'calls', words.byteLength, usage);
  upload(gpu, buffer, words);
  return { buffer, step };
}
