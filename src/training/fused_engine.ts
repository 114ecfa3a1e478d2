import { createBuffer, upload } from '../gpu/buffers';
import { computePipeline } from '../gpu/compile';
import type { Gpu } from '../gpu/device';
import {
  FUSED_BUFFERS,
  fusedPipeline,
  MOST_LAYERS,
  isPhased,
  STEPS_WORD,
  type FusedConstants,
  type FusedShape,
} from '../kernels/train_fused';
import type { Activation } from '../experiment/types';
import type { Engine, Wave, WaveInput } from './engine';
import { fusedLayout, type FusedLayout } from './fused_layout';
import { FETCH, phasesOfStep, type Phase } from './fused_phases';
import { gpuCapacity, GpuWave, idleGpu, type ParameterVector } from './gpu_wave';
import { NO_GAIN, STATE, type Plan } from './plan';

const ACTIVATIONS: Readonly<Record<Activation, number>> = { identity: 0, relu: 1, sigmoid: 2, tanh: 3 };

/** Invocations of a workgroup: a warp or wave of a GPU; on a software adapter one vector of the CPU. */
const HARDWARE_WORKGROUP = 32;
const SOFTWARE_WORKGROUP = 4;
/** Up to this width, packs of four would be mostly padding. */
const NARROW = 2;
/** Trials that a workgroup of a phase trains one after the other, as long as there are enough workgroups for the CPU's cores. */
const MOST_IN_TURN = 8;
const ENOUGH_WORKGROUPS = 128;
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * Float32. On a GPU a workgroup trains a trial, many steps a dispatch; on a software adapter four invocations that can exchange
 * values, a phase of a step a dispatch, or one invocation where the layers are narrow.
 */
export class FusedEngine implements Engine {
  readonly name = 'fused';
  readonly adapter: string;

  /**
   * @param shape instead of what fits the adapter and the plan
   * @param mostSteps of a dispatch, where long ones were found to be cut
   */
  constructor(
    private readonly gpu: Gpu,
    private readonly shape: Partial<FusedShape> = {},
    private readonly mostSteps = Infinity,
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
    const wave = new FusedWave(this.gpu, input, layout, shape, momentum, this.mostSteps);
    return wave.prepared();
  }

  idle(): Promise<void> {
    return idleGpu(this.gpu);
  }

  close(): void {
    this.gpu.destroy();
  }

  private layoutOf(plan: Plan, momentum: boolean): { layout: FusedLayout; shape: FusedShape } {
    const { software, subgroups } = this.gpu.adapter;
    const widest = Math.max(plan.inputs, ...plan.layers.map(({ fanOut }) => fanOut));
    const pack = this.shape.pack ?? (widest <= NARROW ? 1 : 4);
    const softwareTeam = pack === 1 ? 'single' : subgroups ? 'quad' : 'workgroup';
    const shape: FusedShape = {
      team: software ? softwareTeam : 'workgroup',
      workgroupSize: software ? SOFTWARE_WORKGROUP : HARDWARE_WORKGROUP,
      memory: 'storage',
      ...this.shape,
      pack,
    };
    const layout = fusedLayout(plan, momentum, shape);
    if (this.shape.memory !== undefined || software) return { layout, shape };
    // Beside the trial: a pack for each of the two column sums and a float for the other sums, of each invocation; a word for the stop.
    const floats = (layout.size + 2 * shape.workgroupSize) * shape.pack + shape.workgroupSize + 1;
    const fits = floats * FLOAT_BYTES <= this.gpu.limits.maxComputeWorkgroupStorageSize;
    return { layout, shape: fits ? { ...shape, memory: 'workgroup' } : shape };
  }
}

/** Elements a trial of each buffer. */
function buffersOf(plan: Plan, layout: FusedLayout, shape: FusedShape): Record<string, number> {
  return {
    arena: (shape.memory === 'workgroup' ? layout.carried : layout.size) * shape.pack,
    settings: plan.settings.length,
    state: STATE.length,
    history: plan.ring,
    norms: plan.tracing ? plan.ring * plan.layers.length * 2 : 1,
  };
}

/** The plan's parameters at their places among zeros. */
function paddedVector(
  plan: Plan,
  { parameters, places }: FusedLayout,
  { pack }: FusedShape,
): ParameterVector {
  const length = parameters * pack;
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

function uniform(gpu: Gpu, label: string, words: Uint32Array<ArrayBuffer>): GPUBuffer {
  const buffer = createBuffer(gpu, label, words.byteLength, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
  upload(gpu, buffer, words);
  return buffer;
}

/** A dispatch: a pipeline, and what it is bound to. */
interface Stage {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
}

class FusedWave extends GpuWave {
  private readonly network: GPUBuffer;
  /** Where a step is several dispatches: the uniforms `Phase` of each layer, on all samples and on the minibatch. */
  private readonly phaseUniforms: readonly (readonly [GPUBuffer, GPUBuffer])[];
  private readonly phased: boolean;
  /** The dispatches of a step; or the one of many steps. */
  private stages: readonly Stage[] = [];

  constructor(
    gpu: Gpu,
    input: WaveInput,
    private readonly layout: FusedLayout,
    private readonly shape: FusedShape,
    private readonly momentum: boolean,
    private readonly mostSteps: number,
  ) {
    super(gpu, input, buffersOf(input.plan, layout, shape), paddedVector(input.plan, layout, shape));
    const arena = this.storage.get('arena')!;
    this.storage.set('parameters', arena); // they begin a trial's memory
    this.phased = isPhased(shape);
    this.network = uniform(gpu, 'network', layout.network(arena.stride / shape.pack));
    const phase = (layer: number, onBatch: boolean) => uniform(gpu, 'phase', layout.phase(layer, onBatch));
    this.phaseUniforms = this.phased
      ? input.plan.layers.map((_, layer) => [phase(layer, false), phase(layer, true)])
      : [];
  }

  protected override async prepare(): Promise<void> {
    const { plan } = this.input;
    const { pack } = this.shape;
    const phases = this.phased ? phasesOfStep(plan, (units) => Math.ceil(units / pack)) : [undefined];
    const [fetch, ...stages] = await Promise.all([
      this.phased ? this.stage(FETCH) : undefined,
      ...phases.map((phase) => this.stage(phase)),
      this.start(),
    ]);
    if (fetch) this.submit((pass) => this.dispatch(pass, fetch));
    this.stages = stages.filter((stage) => stage !== undefined);
  }

  protected override encode(pass: GPUComputePassEncoder, steps: number, until: number): void {
    const longest = this.longest(steps);
    if (!this.phased) upload(this.gpu, this.network, Uint32Array.of(longest, until), STEPS_WORD);
    for (let done = 0; done < steps; done += longest)
      for (const stage of this.stages) this.dispatch(pass, stage);
  }

  protected override longest(steps: number): number {
    return this.phased ? 1 : Math.min(steps, this.mostSteps);
  }

  override close(): void {
    for (const buffer of [this.network, ...this.phaseUniforms.flat()]) buffer.destroy();
    super.close();
  }

  private dispatch(pass: GPUComputePassEncoder, { pipeline, group }: Stage): void {
    const workgroups = Math.ceil(this.kept / this.trialsOfWorkgroup());
    const y = Math.min(workgroups, this.gpu.limits.maxComputeWorkgroupsPerDimension);
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(1, y, Math.ceil(workgroups / y));
  }

  private trialsOfWorkgroup(): number {
    const { team, workgroupSize } = this.shape;
    if (team === 'single') return workgroupSize;
    if (!this.phased) return 1;
    return Math.min(MOST_IN_TURN, Math.max(1, Math.floor(this.kept / ENOUGH_WORKGROUPS)));
  }

  private async stage(phase: Phase | undefined): Promise<Stage> {
    const { plan } = this.input;
    const constants: FusedConstants = {
      ACTIVATION: ACTIVATIONS[plan.activation],
      LOSS: plan.loss,
      STOPS: plan.stops ? 1 : 0,
      MINIBATCH: plan.batch === plan.samples ? 0 : 1,
      MOMENTUM: this.momentum ? 1 : 0,
      BIAS: plan.layers.some(({ bias }) => bias) ? 1 : 0,
    };
    const request = fusedPipeline(this.shape, constants, this.layout.size, phase?.phase);
    const pipeline = await computePipeline(this.gpu, request);
    const buffers = FUSED_BUFFERS.map((name) => (name === 'trials' ? this.trials : this.buffer(name)));
    const ofPhase = phase ? [this.phaseUniforms[phase.layer]![phase.onBatch ? 1 : 0]] : [];
    const group = this.gpu.device.createBindGroup({
      label: 'train_fused.group',
      layout: pipeline.getBindGroupLayout(0),
      entries: [this.network, ...buffers, ...ofPhase].map((buffer, binding) => ({
        binding,
        resource: { buffer },
      })),
    });
    return { pipeline, group };
  }
}
