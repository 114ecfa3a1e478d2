import { createStorage, uploadStorage } from '../../src/gpu/buffers';
import type { Gpu } from '../../src/gpu/device';
import { readBuffers } from '../../src/gpu/readback';
import { autotune } from '../../src/kernels/autotune';
import { prepareSequence, type StorageBuffer } from '../../src/kernels/sequence';
import { TrialList } from '../../src/kernels/trials';
import type { Engine } from '../../src/training/engine';
import { FusedEngine } from '../../src/training/fused_engine';
import { LayeredEngine } from '../../src/training/layered_engine';
import { WaveInputs } from '../../src/training/wave_input';
import type { Contestant, MatmulTask, Product, Training, TrainingTask } from './contestant';

/** The engines as the page uses them, and the product as their kernel. */
export function ours(gpu: Gpu): Contestant[] {
  return [
    engine('fused', new FusedEngine(gpu)),
    engine('layered', new LayeredEngine(gpu)),
    { library: 'kernel', variant: 'matmul', openProduct: (task) => openProduct(gpu, task) },
  ];
}

function engine(library: 'fused' | 'layered', trainer: Engine): Contestant {
  return { library, variant: 'default shape', openTraining: (task) => openTraining(trainer, task) };
}

/** Training by an engine of this project, the reference's too. */
export async function openTraining(
  trainer: Engine,
  { plan, documents }: TrainingTask,
  trials: readonly number[] = [...documents.keys()],
): Promise<Training> {
  const wave = await trainer.open(
    new WaveInputs().of(
      plan,
      trials.map((trial) => documents[trial]!),
    ),
  );
  return {
    async train(steps) {
      const states = await wave.run(steps);
      return { steps, losses: states.lossLast };
    },
    close: () => wave.close(),
  };
}

async function openProduct(gpu: Gpu, { batch, rows, inner, cols, a, b }: MatmulTask): Promise<Product> {
  const lengths = { a: rows * inner, b: inner * cols, out: rows * cols };
  const stored = (buffer: GPUBuffer, stride: number): StorageBuffer => ({ buffer, stride, owner: 'trial' });
  const storage = new Map([
    ['a', stored(uploadStorage(gpu, 'a', a), lengths.a)],
    ['b', stored(uploadStorage(gpu, 'b', b), lengths.b)],
    ['out', stored(createStorage(gpu, 'out', batch * lengths.out), lengths.out)],
  ]);
  const trials = new TrialList(
    gpu,
    Uint32Array.from(Array.from({ length: batch }, (_, slot) => [slot, 0, 0, 0]).flat()),
  );
  const whole = (buffer: keyof typeof lengths) => ({ buffer, offset: 0, length: lengths[buffer] });
  const call = {
    kernel: 'matmul',
    tensors: { a: whole('a'), b: whole('b'), out: whole('out') },
    fields: { rows, inner, cols, scale: 1 },
    variant: { TRANSPOSE_A: 0, TRANSPOSE_B: 0 },
  };
  const sequence = await prepareSequence(await autotune(gpu, [call]), [call], storage, trials);
  const multiply = async (times: number) => {
    const encoder = gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let i = 0; i < times; i += 1) sequence.encode(pass, batch);
    pass.end();
    gpu.device.queue.submit([encoder.finish()]);
    await gpu.device.queue.onSubmittedWorkDone();
  };
  return {
    multiply,
    async result() {
      await multiply(1);
      const [bytes] = await readBuffers(gpu, [{ buffer: storage.get('out')!.buffer }]);
      return new Float32Array(bytes!);
    },
    close() {
      sequence.destroy();
      for (const { buffer } of storage.values()) buffer.destroy();
      trials.destroy();
    },
  };
}
