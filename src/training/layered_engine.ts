import type { Gpu } from '../gpu/device';
import { prepareSequence, type Sequence } from '../kernels/sequence';
import type { Engine, Wave, WaveInput } from './engine';
import { gpuCapacity, GpuWave, trialBuffers } from './gpu_wave';
import type { Plan } from './plan';

/** One dispatch a kernel, for all trials of a wave at once, float32. */
export class LayeredEngine implements Engine {
  readonly name = 'layered';
  readonly adapter: string;

  constructor(private readonly gpu: Gpu) {
    this.adapter = gpu.adapter.name;
  }

  capacity(plan: Plan, bytes: number): number {
    return gpuCapacity(this.gpu, Object.values(trialBuffers(plan)), bytes);
  }

  async open(input: WaveInput): Promise<Wave> {
    const wave = new LayeredWave(this.gpu, input, trialBuffers(input.plan));
    return wave.prepared();
  }

  close(): void {
    this.gpu.destroy();
  }
}

class LayeredWave extends GpuWave {
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
