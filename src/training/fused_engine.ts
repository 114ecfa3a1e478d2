import { createBuffer, createStorage, submit, upload } from '../gpu/buffers';
import { computePipeline } from '../gpu/compile';
import type { Gpu } from '../gpu/device';
import { packNetwork, packSlice, packTable } from '../kernels/fused_network';
import { geometryOf, PACK_FLOATS, PACKS, type FusedShape } from '../kernels/geometry';
import { fusedBuffers, isPhased, type FusedBuffer, type FusedUniform } from '../kernels/train_fused';
import { STATE_LENGTH } from '../reference/state';
import type { Engine, Needs, ReadableBuffer, Wave, WaveInput } from './engine';
import { dispatchesOf, formsOf, fusedForm, isFusable, pipelineOf, type FusedForm } from './fused_form';
import type { FusedLayout } from './fused_layout';
import { FETCH, type Phase } from './software/fused_phases';
import {
  emptyWaitOf,
  FLOAT32_ROUNDOFF,
  gpuNeeds,
  GpuWave,
  type ParameterVector,
  type Steps,
} from './gpu_wave';
import { NO_GAIN, type Plan } from './plan';
import { shapeName } from './shape_names';

/** Trials that a workgroup of a phase trains one after the other, as long as there are enough workgroups for the CPU's cores. */
const MOST_IN_TURN = 8;
const ENOUGH_WORKGROUPS = 128;
const WORD = Float32Array.BYTES_PER_ELEMENT;

/**
 * Float32. An invocation trains a trial, or where trials are large a workgroup, many steps a dispatch; on a software adapter also four
 * invocations that can exchange values, a phase of a step a dispatch.
 */
export class FusedEngine implements Engine {
  readonly name = 'fused';
  readonly adapter: string;
  readonly roundoff = FLOAT32_ROUNDOFF;

  /**
   * @param shape instead of what fits the adapter and the plan
   * @param mostSteps of a dispatch, where long ones were found to be cut
   */
  constructor(
    private readonly gpu: Gpu,
    private readonly shape?: FusedShape,
    private readonly mostSteps = Infinity,
  ) {
    this.adapter = gpu.adapter.name;
  }

  supports(plan: Plan): boolean {
    return isFusable(plan);
  }

  needs(plan: Plan): Needs {
    const form = fusedForm(plan, this.gpu, this.shape);
    const { layout } = form;
    return gpuNeeds(this.gpu, Object.values(buffersOf(form)), layout.parameters * PACK_FLOATS);
  }

  async open(input: WaveInput): Promise<Wave> {
    const form = fusedForm(input.plan, this.gpu, this.shape);
    return new FusedWave(this.gpu, input, form, this.mostSteps).prepared();
  }

  shapes(plan: Plan): readonly string[] {
    const { gpu, shape } = this;
    const first = shapeName(fusedForm(plan, gpu, shape).shape);
    if (shape || !geometryOf(gpu.adapter).measures(gpu.adapter.subgroups)) return [first];
    return [...new Set([first, ...formsOf(plan, gpu).map((form) => shapeName(form.shape))])];
  }

  emptyWait(): Promise<number> {
    return emptyWaitOf(this.gpu);
  }

  close(): void {
    this.gpu.destroy();
  }
}

/** Elements a trial of each buffer. */
function buffersOf({ plan, layout, shape }: FusedForm): Record<string, number> {
  return {
    arena: arenaOf(layout, shape) * PACK_FLOATS,
    settings: plan.settings.length,
    state: STATE_LENGTH,
    history: plan.ring,
    norms: plan.tracing ? plan.ring * plan.layers.length * 2 : 1,
  };
}

/** Packs a trial in the arena. */
function arenaOf({ carried, size }: FusedLayout, { memory }: FusedShape): number {
  switch (memory) {
    case 'workgroup':
    case 'private':
      return carried;
    case 'interleaved':
      return carried + size;
    case 'storage':
      return size;
  }
}

/** The plan's parameters at their places among zeros. */
function paddedVector({ plan, layout, shape: { pack } }: FusedForm): ParameterVector {
  const { parameters, places } = layout;
  const { copies } = PACKS[pack];
  const length = parameters * PACK_FLOATS;
  const segments = new Uint32Array(2 * length).fill(NO_GAIN);
  for (const [p, place] of places.entries())
    for (let at = place; at < place + copies; at += 1)
      segments.set(plan.segments.subarray(2 * p, 2 * p + 2), 2 * at);
  const place = (initial: Float32Array) => {
    const padded = new Float32Array(length);
    for (const [p, at] of places.entries()) padded.fill(initial[p]!, at, at + copies);
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
  /** Those of all dispatches. */
  private readonly uniforms: Readonly<Record<Exclude<FusedUniform, 'phase'>, GPUBuffer>>;
  /** Where a step is several dispatches: the uniforms `Phase` of each layer, on all samples and on the minibatch. */
  private readonly phaseUniforms: readonly (readonly [GPUBuffer, GPUBuffer])[];
  private readonly phased: boolean;
  protected override readonly mostSteps: number;
  /** The dispatches of a step; or the one of many steps. */
  private stages: readonly Stage[] = [];

  constructor(
    gpu: Gpu,
    input: WaveInput,
    private readonly form: FusedForm,
    mostSteps: number,
  ) {
    super(gpu, input, buffersOf(form), paddedVector(form));
    const { layout, shape } = form;
    const arena = { ...this.storage.get('arena')!, stride: layout.stride * PACK_FLOATS };
    this.storage.set('arena', arena);
    this.storage.set('parameters', arena); // they begin a trial's memory
    this.phased = isPhased(shape);
    this.mostSteps = this.phased ? 1 : mostSteps;
    this.uniforms = {
      network: uniform(gpu, 'network', packNetwork(layout.network)),
      table: uniform(gpu, 'table', packTable(layout.network)),
      slice: uniform(gpu, 'slice', this.slice(0, 0)),
    };
    const phase = (layer: number, onBatch: boolean) => uniform(gpu, 'phase', layout.phase(layer, onBatch));
    this.phaseUniforms = this.phased
      ? input.plan.layers.map((_, layer) => [phase(layer, false), phase(layer, true)])
      : [];
  }

  protected override async prepare(): Promise<void> {
    const [fetch, ...stages] = await Promise.all([
      this.phased ? this.stage(FETCH) : undefined,
      ...dispatchesOf(this.form).map((phase) => this.stage(phase)),
      this.start(),
    ]);
    if (fetch)
      this.compute((pass) => {
        this.dispatch(pass, fetch);
        return 1;
      });
    this.stages = stages.filter((stage) => stage !== undefined);
  }

  protected override encode(pass: GPUComputePassEncoder, { steps, longest, until }: Steps): number {
    if (!this.phased) upload(this.gpu, this.uniforms.slice, this.slice(longest, until));
    for (let done = 0; done < steps; done += longest)
      for (const stage of this.stages) this.dispatch(pass, stage);
    return this.phased ? steps * this.stages.length : 0; // a dispatch of many steps has the clock, which tells more
  }

  private slice(steps: number, until: number): Uint32Array<ArrayBuffer> {
    // Interleaved memories lie behind what all trials carry, which lies trial by trial.
    return packSlice({ steps, until, interleaved: this.form.layout.stride * this.input.trials.length });
  }

  override async read(name: ReadableBuffer): Promise<Float64Array> {
    if (name !== 'parameters' && name !== 'velocity') return super.read(name);
    const { layout } = this.form;
    const carried = layout.carried * PACK_FLOATS;
    const floats = await this.readCarried(carried);
    const first = name === 'velocity' ? layout.parameters * PACK_FLOATS : 0;
    const { places } = layout;
    const values = new Float64Array(this.input.trials.length * places.length);
    for (const slot of this.input.trials.keys())
      for (const [p, place] of places.entries())
        values[slot * places.length + p] = floats[slot * carried + first + place]!;
    return values;
  }

  /** What each trial carries from step to step, without the rest of its memory. */
  private async readCarried(floats: number): Promise<Float32Array> {
    const { buffer: arena, stride } = this.storage.get('arena')!;
    if (stride === floats && this.form.shape.memory !== 'interleaved') return this.checked('arena', arena);
    const { trials } = this.input;
    const carried = createStorage(this.gpu, 'carried', floats * trials.length);
    try {
      submit(this.gpu, 'carried', (encoder) => {
        if (stride === floats) encoder.copyBufferToBuffer(arena, 0, carried, 0, carried.size);
        else
          for (const slot of trials.keys())
            encoder.copyBufferToBuffer(
              arena,
              WORD * slot * stride,
              carried,
              WORD * slot * floats,
              WORD * floats,
            );
      });
      return await this.checked('carried', carried);
    } finally {
      carried.destroy();
    }
  }

  protected override clearVelocity(): void {
    const { layout } = this.form;
    const zeros = new Float32Array((layout.carried - layout.parameters) * PACK_FLOATS);
    if (zeros.length === 0) return;
    const { buffer, stride } = this.storage.get('arena')!;
    for (const slot of this.input.trials.keys())
      upload(this.gpu, buffer, zeros, slot * stride + layout.parameters * PACK_FLOATS);
  }

  override close(): void {
    for (const buffer of [...Object.values(this.uniforms), ...this.phaseUniforms.flat()]) buffer.destroy();
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
    const { team, workgroupSize } = this.form.shape;
    if (team === 'single') return workgroupSize;
    if (!this.phased) return 1;
    return Math.min(MOST_IN_TURN, Math.max(1, Math.floor(this.kept / ENOUGH_WORKGROUPS)));
  }

  private async stage(phase: Phase | undefined): Promise<Stage> {
    const pipeline = await computePipeline(this.gpu, pipelineOf(this.form, phase));
    const buffer = (name: FusedBuffer): GPUBuffer => {
      switch (name) {
        case 'network':
        case 'table':
        case 'slice':
          return this.uniforms[name];
        case 'phase':
          return this.phaseUniforms[phase!.layer]![phase!.onBatch ? 1 : 0];
        case 'trials':
          return this.trials.buffer;
        case 'tally':
          return this.trials.tally;
        default:
          return this.buffer(name);
      }
    };
    const group = this.gpu.device.createBindGroup({
      label: 'train_fused.group',
      layout: pipeline.getBindGroupLayout(0),
      entries: fusedBuffers(this.form.shape, phase?.phase).flatMap((name, binding) =>
        name ? [{ binding, resource: { buffer: buffer(name) } }] : [],
      ),
    });
    return { pipeline, group };
  }
}
