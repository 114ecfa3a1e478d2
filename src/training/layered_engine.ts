import type { Gpu } from '../gpu/device';
import { prepareSequence, type Sequence } from '../kernels/sequence';
import type { Engine, Needs, Wave, WaveInput } from './engine';
import { emptyWaitOf, gpuNeeds, GpuWave, trialBuffers } from './gpu_wave';
import type { Plan } from './plan';

/**
 * One dispatch a kernel, for all trials of a wave at once, float32. Products are made in the way that the kernel's rule names,
 * never in the one that was measured to be fastest: ways differ in rounding, and so a sweep could not be repeated.
 */
export class LayeredEngine implements Engine {
  readonly name = 'layered';
  readonly adapter: string;

  constructor(private readonly gpu: Gpu) {
    this.adapter = gpu.adapter.name;
  }

  needs(plan: Plan): Needs {
    const calls = plan.step.length * this.gpu.limits.minUniformBufferOffsetAlignment;
    return gpuNeeds(this.gpu, Object.values(trialBuffers(plan)), plan.parameters, calls);
  }

  async open(input: WaveInput): Promise<Wave> {
    return new LayeredWave(this.gpu, input, trialBuffers(input.plan)).prepared();
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

  protected override encode(pass: GPUComputePassEncoder, steps: number): number {
    for (let t = 0; t < steps; t += 1) this.step!.encode(pass, this.kept);
    return steps * this.step!.workgroups;
  }

  override close(): void {
    this.step?.destroy();
    super.close();
  }
}
