import type { Gpu } from '../gpu/device';
import { prepareSequence, type Sequence } from '../kernels/sequence';
import type { Engine, Wave, WaveInput } from './engine';
import { gpuCapacity, emptyWaitOf, GpuWave, trialBuffers } from './gpu_wave';
import type { Plan } from './plan';

/** One dispatch a kernel, for all trials of a wave at once, float32. */
export class LayeredEngine implements Engine {
  readonly name = 'layered';
  readonly adapter: string;

  /** @param tune tells the GPU in which configurations a plan's calls run fastest; by rule unless told */
  constructor(
    private readonly gpu: Gpu,
    private readonly tune: (gpu: Gpu, calls: Plan['step']) => Promise<Gpu> = async (gpu) => gpu,
  ) {
    this.adapter = gpu.adapter.name;
  }

  capacity(plan: Plan, bytes: number): number {
    const calls = plan.step.length * this.gpu.limits.minUniformBufferOffsetAlignment;
    return gpuCapacity(this.gpu, Object.values(trialBuffers(plan)), bytes - calls);
  }

  async open(input: WaveInput): Promise<Wave> {
    const gpu = await this.tune(this.gpu, input.plan.step);
    const wave = new LayeredWave(gpu, input, trialBuffers(input.plan));
    return wave.prepared();
  }

  emptyWait(): Promise<number> {
    return emptyWaitOf(this.gpu);
  }

  close(): void {
    this.gpu.destroy();
  }
}

class LayeredWave extends GpuWave {
  protected override readonly mostSteps = 1;
  private step: Sequence | undefined;

  protected override async prepare(): Promise<void> {
    const [step] = await Promise.all([
      prepareSequence(this.gpu, this.input.plan.step, this.storage, this.trials),
      this.start(),
    ]);
    this.step = step;
  }

  protected override encode(pass: GPUComputePassEncoder, steps: number): void {
    for (let t = 0; t < steps; t += 1) this.step!.encode(pass, this.kept);
  }

  override close(): void {
    this.step?.destroy();
    super.close();
  }
}
