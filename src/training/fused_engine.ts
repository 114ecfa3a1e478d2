import { createBuffer, upload } from '../gpu/buffers';
import { computePipeline } from '../gpu/compile';
import type { Gpu } from '../gpu/device';
import {
  FUSED_BUFFERS,
  fusedPipeline,
  MOST_LAYERS,
  STEPS_WORD,
  type FusedConstants,
} from '../kernels/train_fused';
import type { Activation } from '../experiment/types';
import type { Engine, Wave, WaveInput } from './engine';
import { fusedLayout, QUAD, type FusedLayout } from './fused_layout';
import { gpuCapacity, GpuWave, type ParameterVector } from './gpu_wave';
import { NO_GAIN, STATE, type Plan } from './plan';

const ACTIVATIONS: Readonly<Record<Activation, number>> = { identity: 0, relu: 1, sigmoid: 2, tanh: 3 };

/** How a trial is spread over a workgroup, and where its memory is. */
export interface FusedShape {
  readonly workgroupSize: number;
  readonly memory: 'workgroup' | 'storage';
}

/** Invocations of a workgroup: a warp or wave of a GPU; on a software adapter one vector of the CPU. */
const HARDWARE_WORKGROUP = 32;
const SOFTWARE_WORKGROUP = 4;
const QUAD_BYTES = QUAD * Float32Array.BYTES_PER_ELEMENT;

/** One workgroup a trial, many steps a dispatch, float32. */
export class FusedEngine implements Engine {
  readonly name = 'fused';
  readonly adapter: string;

  /** @param shape instead of the one that fits the adapter */
  constructor(
    private readonly gpu: Gpu,
    private readonly shape?: FusedShape,
  ) {
    this.adapter = gpu.adapter.name;
  }

  capacity(plan: Plan, bytes: number): number {
    const { layout, shape } = this.layoutOf(plan, true);
    return gpuCapacity(this.gpu, Object.values(buffersOf(plan, layout, shape)), bytes);
  }

  async open(input: WaveInput): Promise<Wave> {
    const { plan, trials } = input;
    if (plan.layers.length > MOST_LAYERS)
      throw new Error(`More than ${MOST_LAYERS} layers: ${plan.layers.length}`);
    const momentum = trials.some(({ settings }) => settings[plan.settings.momentum] !== 0);
    const { layout, shape } = this.layoutOf(plan, momentum);
    const wave = new FusedWave(this.gpu, input, layout, shape, momentum);
    return wave.prepared();
  }

  close(): void {
    this.gpu.destroy();
  }

  private layoutOf(plan: Plan, momentum: boolean): { layout: FusedLayout; shape: FusedShape } {
    const { software } = this.gpu.adapter;
    const workgroupSize = this.shape?.workgroupSize ?? (software ? SOFTWARE_WORKGROUP : HARDWARE_WORKGROUP);
    const layout = fusedLayout(plan, momentum, workgroupSize);
    // A quad for each of the two column sums and a float for the other sums, of each invocation; a word for the stop.
    const bytes = (layout.size + 2 * workgroupSize) * QUAD_BYTES + (workgroupSize + 1) * 4;
    const fits = bytes <= this.gpu.limits.maxComputeWorkgroupStorageSize;
    const memory = this.shape?.memory ?? (fits && !software ? 'workgroup' : 'storage');
    return { layout, shape: { workgroupSize, memory } };
  }
}

/** Elements a trial of each buffer. */
function buffersOf(plan: Plan, layout: FusedLayout, shape: FusedShape): Record<string, number> {
  return {
    arena: (shape.memory === 'workgroup' ? layout.carried : layout.size) * QUAD,
    settings: plan.settings.length,
    state: STATE.length,
    history: plan.ring,
    norms: plan.tracing ? plan.ring * plan.layers.length * 2 : 1,
  };
}

/** The plan's parameters at their places among zeros. */
function paddedVector(plan: Plan, { parameters, places }: FusedLayout): ParameterVector {
  const length = parameters * QUAD;
  const segments = new Uint32Array(2 * length).fill(NO_GAIN);
  for (const [p, place] of places.entries())
    segments.set(plan.segments.subarray(2 * p, 2 * p + 2), 2 * place);
  const place = (initial: Float32Array) => {
    const padded = new Float32Array(length);
    for (const [p, at] of places.entries()) padded[at] = initial[p]!;
    return padded;
  };
  return { length, segments, place };
}

class FusedWave extends GpuWave {
  private readonly network: GPUBuffer;
  private pipeline: GPUComputePipeline | undefined;
  private group: GPUBindGroup | undefined;

  constructor(
    gpu: Gpu,
    input: WaveInput,
    private readonly layout: FusedLayout,
    private readonly shape: FusedShape,
    private readonly momentum: boolean,
  ) {
    super(gpu, input, buffersOf(input.plan, layout, shape), paddedVector(input.plan, layout));
    const arena = this.storage.get('arena')!;
    this.storage.set('parameters', arena); // they begin a trial's memory
    const words = layout.network(arena.stride / QUAD);
    this.network = createBuffer(
      gpu,
      'network',
      words.byteLength,
      GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    );
    upload(gpu, this.network, words);
  }

  protected override async prepare(): Promise<void> {
    const { plan } = this.input;
    const constants: FusedConstants = {
      WORKGROUP_SIZE: this.shape.workgroupSize,
      ACTIVATION: ACTIVATIONS[plan.activation],
      LOSS: plan.loss,
      STOPS: plan.stops ? 1 : 0,
      MINIBATCH: plan.batch === plan.samples ? 0 : 1,
      TRACING: plan.tracing ? 1 : 0,
      MOMENTUM: this.momentum ? 1 : 0,
      AFTER: plan.normalizedAfter ? 1 : 0,
      FROZEN: plan.frozen ? 1 : 0,
      BIAS: plan.layers.some(({ bias }) => bias) ? 1 : 0,
    };
    const memorySize = this.shape.memory === 'workgroup' ? this.layout.size : undefined;
    const [pipeline] = await Promise.all([
      computePipeline(this.gpu, fusedPipeline(constants, memorySize)),
      this.start(),
    ]);
    this.pipeline = pipeline;
    const buffers = FUSED_BUFFERS.map((name) => (name === 'trials' ? this.trials : this.buffer(name)));
    this.group = this.gpu.device.createBindGroup({
      label: 'train_fused.group',
      layout: pipeline.getBindGroupLayout(0),
      entries: [this.network, ...buffers].map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
  }

  protected override encode(pass: GPUComputePassEncoder, steps: number): void {
    upload(this.gpu, this.network, Uint32Array.of(steps), STEPS_WORD);
    const maximum = this.gpu.limits.maxComputeWorkgroupsPerDimension;
    const y = Math.min(this.kept, maximum);
    pass.setPipeline(this.pipeline!);
    pass.setBindGroup(0, this.group!);
    pass.dispatchWorkgroups(1, y, Math.ceil(this.kept / y));
  }

  override close(): void {
    this.network.destroy();
    super.close();
  }
}
