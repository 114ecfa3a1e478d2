import { createStorage, upload, uploadStorage } from '../gpu/buffers';
import type { Gpu } from '../gpu/device';
import { DeviceLostError } from '../gpu/errors';
import { readBuffers } from '../gpu/readback';
import { prepareSequence, type Sequence, type StorageBuffer } from '../kernels/sequence';
import { TRIAL_WORDS, trialsBuffer, writeTrials } from '../kernels/trials';
import { EngineLostError, type Engine, type TrialStates, type Wave, type WaveInput } from './engine';
import { STATE, type Plan } from './plan';
import { emptyStates } from './states';

const WORD = 4;
const NEVER = 0xffffffff;

/** One dispatch a kernel, for all trials of a wave at once, float32. */
export class LayeredEngine implements Engine {
  readonly name = 'layered';
  readonly adapter: string;

  constructor(private readonly gpu: Gpu) {
    this.adapter = gpu.adapter.name;
  }

  capacity(plan: Plan, bytes: number): number {
    const lengths = Object.values(plan.buffers)
      .filter((buffer) => buffer.owner === 'trial')
      .map((buffer) => buffer.length);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const { maxStorageBufferBindingSize, maxBufferSize } = this.gpu.limits;
    const bound = Math.min(maxStorageBufferBindingSize, maxBufferSize) / Math.max(...lengths);
    return Math.max(1, Math.floor(Math.min(bytes / total, bound) / WORD));
  }

  async open(input: WaveInput): Promise<Wave> {
    const wave = new LayeredWave(this.gpu, input);
    await wave.prepare();
    return wave;
  }

  close(): void {
    this.gpu.destroy();
  }
}

class LayeredWave implements Wave {
  private readonly storage = new Map<string, StorageBuffer>();
  private readonly trials: GPUBuffer;
  private readonly entries: Uint32Array;
  private kept: number;
  private step: Sequence | undefined;

  constructor(
    private readonly gpu: Gpu,
    private readonly input: WaveInput,
  ) {
    const { plan, trials } = input;
    for (const [name, { length, owner }] of Object.entries(plan.buffers))
      if (owner === 'trial')
        this.storage.set(name, {
          buffer: createStorage(gpu, name, length * trials.length),
          stride: length,
          owner,
        });
    this.upload('segments', [plan.segments], 'trial', 0);
    this.upload(
      'x',
      input.datasets.map((data) => data.x),
      'dataset',
    );
    this.upload(
      'y',
      input.datasets.map((data) => data.y),
      'dataset',
    );
    this.upload('base', input.initials, 'initial');
    upload(gpu, this.buffer('settings'), Float32Array.from(trials.flatMap((trial) => [...trial.settings])));
    const states = new Uint32Array(STATE.length * trials.length);
    for (let slot = 0; slot < trials.length; slot += 1)
      states[slot * STATE.length + STATE.divergedAt] = NEVER;
    upload(gpu, this.buffer('state'), states);

    this.kept = trials.length;
    this.trials = trialsBuffer(gpu, trials.length);
    this.entries = Uint32Array.from(
      trials.flatMap(({ dataset, initial, seed }, slot) => [slot, dataset, initial, seed]),
    );
    writeTrials(gpu, this.trials, this.entries);
  }

  async prepare(): Promise<void> {
    const { plan } = this.input;
    const [start, step] = await Promise.all([
      prepareSequence(this.gpu, plan.start, this.storage, this.trials),
      prepareSequence(this.gpu, plan.step, this.storage, this.trials),
    ]);
    this.submit(start, 1);
    start.destroy();
    this.step = step;
  }

  async run(steps: number): Promise<TrialStates> {
    if (this.step && this.kept > 0) this.submit(this.step, steps);
    return decode(new Uint32Array(await this.read('state')));
  }

  keep(slots: readonly number[]): void {
    const words = new Uint32Array(slots.length * TRIAL_WORDS);
    for (const [at, slot] of slots.entries())
      words.set(this.entries.subarray(slot * TRIAL_WORDS, (slot + 1) * TRIAL_WORDS), at * TRIAL_WORDS);
    writeTrials(this.gpu, this.trials, words);
    this.kept = slots.length;
  }

  async histories(): Promise<Float64Array> {
    return Float64Array.from(new Float32Array(await this.read('history')));
  }

  async norms(): Promise<Float64Array> {
    return Float64Array.from(new Float32Array(await this.read('norms')));
  }

  close(): void {
    this.step?.destroy();
    this.trials.destroy();
    for (const { buffer } of this.storage.values()) buffer.destroy();
  }

  private submit(sequence: Sequence, times: number): void {
    const { device } = this.gpu;
    const encoder = device.createCommandEncoder({ label: 'slice' });
    const pass = encoder.beginComputePass({ label: 'slice' });
    for (let t = 0; t < times; t += 1) sequence.encode(pass, this.kept);
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  /** Uploads equally long vectors one after the other, one an owner. */
  private upload(
    name: string,
    vectors: readonly (Float32Array | Uint32Array)[],
    owner: StorageBuffer['owner'],
    stride = vectors[0]!.length,
  ): void {
    const [first] = vectors;
    const joined =
      vectors.length === 1 ? first! : Float32Array.from(vectors.flatMap((vector) => [...vector]));
    this.storage.set(name, { buffer: uploadStorage(this.gpu, name, joined), stride, owner });
  }

  private async read(name: string): Promise<ArrayBuffer> {
    try {
      const [bytes] = await readBuffers(this.gpu, [{ buffer: this.buffer(name) }]);
      return bytes!;
    } catch (error) {
      if (error instanceof DeviceLostError) throw new EngineLostError(error.message, { cause: error });
      throw error;
    }
  }

  private buffer(name: string): GPUBuffer {
    return this.storage.get(name)!.buffer;
  }
}

function decode(words: Uint32Array<ArrayBuffer>): TrialStates {
  const numbers = new Float32Array(words.buffer);
  const trials = words.length / STATE.length;
  const states = emptyStates(trials);
  for (let slot = 0; slot < trials; slot += 1) {
    const at = slot * STATE.length;
    const divergedAt = words[at + STATE.divergedAt]!;
    states.divergedAt[slot] = divergedAt === NEVER ? -1 : divergedAt;
    states.recorded[slot] = words[at + STATE.recorded]!;
    states.lossInitial[slot] = numbers[at + STATE.lossInitial]!;
    states.lossLast[slot] = numbers[at + STATE.lossLast]!;
    states.lossMin[slot] = numbers[at + STATE.lossMin]!;
    states.sumV[slot] = numbers[at + STATE.sumV]!;
    states.sumInverseV[slot] = numbers[at + STATE.sumInverseV]!;
  }
  return states;
}
