import { submit } from '../gpu/buffers';
import type { Gpu } from '../gpu/device';
import { prepareSequence, type Sequence } from '../kernels/sequence';
import type { Engine, Needs, Wave, WaveInput } from './engine';
import { emptyWaitOf, FLOAT32_ROUNDOFF, gpuNeeds, GpuWave, trialBuffers, type Steps } from './gpu_wave';
import type { Plan } from './plan';

/**
 * One dispatch a kernel, for all trials of a wave at once, float32. Products are made in the way that the kernel's rule names,
 * never in the one that was measured to be fastest: ways differ in rounding, and so a sweep could not be repeated.
 */
export class LayeredEngine implements Engine {
  readonly name = 'layered';
  readonly adapter: string;
  readonly roundoff = FLOAT32_ROUNDOFF;

  constructor(private readonly gpu: Gpu) {
    this.adapter = gpu.adapter.name;
  }

  /** Every kernel that a plan can name is registered with its shader. */
  supports(): boolean {
    return true;
  }

  needs(plan: Plan): Needs {
    const calls = (plan.step.length + plan.lastStep.length) * this.gpu.limits.minUniformBufferOffsetAlignment;
    return gpuNeeds(this.gpu, Object.values(trialBuffers(plan)), plan.parameters, calls);
  }

  async open(input: WaveInput): Promise<Wave> {
    return new LayeredWave(this.gpu, input, trialBuffers(input.plan)).prepared();
  }

  shapes(): readonly string[] {
    return [];
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
  private lastStep: Sequence | undefined;

  protected override async prepare(): Promise<void> {
    const { plan } = this.input;
    [this.step, this.lastStep] = await Promise.all([
      prepareSequence(this.gpu, plan.step, this.storage, this.trials),
      prepareSequence(this.gpu, plan.lastStep, this.storage, this.trials),
      this.start(),
    ]);
  }

  protected override encode(pass: GPUComputePassEncoder, { from, steps }: Steps): number {
    let workgroups = 0;
    for (let t = from; t < from + steps; t += 1) {
      const step = t + 1 === this.input.plan.steps ? this.lastStep! : this.step!;
      step.encode(pass, this.kept);
      workgroups += step.workgroups;
    }
    return workgroups;
  }

  protected override clearVelocity(): void {
    submit(this.gpu, 'begin', (encoder) => encoder.clearBuffer(this.buffer('velocity')));
  }

  override close(): void {
    this.step?.destroy();
    this.lastStep?.destroy();
    super.close();
  }
}
