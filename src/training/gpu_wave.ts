import { createStorage, upload, uploadStorage } from '../gpu/buffers';
import type { Gpu } from '../gpu/device';
import { DeviceLostError } from '../gpu/errors';
import { readBuffers, readNothing } from '../gpu/readback';
import { emptyWait } from '../gpu/timing';
import { prepareSequence, type StorageBuffer } from '../kernels/sequence';
import { TRIAL_WORDS, trialsBuffer, writeTrials } from '../kernels/trials';
import { EngineFaultError, EngineLostError, type TrialStates, type Wave, type WaveInput } from './engine';
import { initializeCall, STATE, type Plan } from './plan';
import { emptyStates } from './states';

const NEVER = 0xffffffff;

/** How an engine lays a trial's parameters out: the plan's vector, or one with padding. */
export interface ParameterVector {
  readonly length: number;
  /** The plan's segments, element by element of this vector. */
  readonly segments: Uint32Array;
  /** An initial vector of the plan in this layout. */
  readonly place: (initial: Float32Array) => Float32Array;
}

function planVector({ parameters, segments }: Plan): ParameterVector {
  return { length: parameters, segments, place: (initial) => initial };
}

/** What the engines of the GPU share: a wave's buffers, its list of trials, and reading its state back. */
export abstract class GpuWave implements Wave {
  protected readonly storage = new Map<string, StorageBuffer>();
  protected readonly trials: GPUBuffer;
  /** Slots that are still being trained. */
  private slots: ArrayLike<number>;
  /** What each slot's clock shows when all that was asked for is done. */
  private readonly clocks: Uint32Array;
  private readonly entries: Uint32Array;
  /** Bytes that are read back at once. */
  private readonly piece: number;

  /** @param lengths elements a trial of each buffer that belongs to the trials */
  constructor(
    protected readonly gpu: Gpu,
    protected readonly input: WaveInput,
    lengths: Readonly<Record<string, number>>,
    private readonly vector: ParameterVector = planVector(input.plan),
  ) {
    const { plan, trials, datasets, initials } = input;
    for (const [name, length] of Object.entries(lengths)) {
      const buffer = createStorage(gpu, name, length * trials.length);
      this.storage.set(name, { buffer, stride: length, owner: 'trial' });
    }
    const share = (name: string, owner: StorageBuffer['owner'], vectors: readonly Float32Array[]) =>
      this.storage.set(name, { buffer: uploadJoined(gpu, name, vectors), stride: vectors[0]!.length, owner });
    const xs = datasets.map((data) => data.x);
    const ys = datasets.map((data) => data.y);
    share('x', 'dataset', xs);
    share('y', 'dataset', ys);
    share('base', 'initial', initials.map(vector.place));
    const segments = uploadStorage(gpu, 'segments', vector.segments);
    this.storage.set('segments', { buffer: segments, stride: 0, owner: 'trial' });

    const settings = new Float32Array(plan.settings.length * trials.length);
    const states = new Uint32Array(STATE.length * trials.length);
    for (const [slot, trial] of trials.entries()) {
      settings.set(trial.settings, slot * plan.settings.length);
      states[slot * STATE.length + STATE.divergedAt] = NEVER;
    }
    upload(gpu, this.buffer('settings'), settings);
    upload(gpu, this.buffer('state'), states);

    this.slots = Uint32Array.from(trials.keys());
    this.clocks = new Uint32Array(trials.length);
    this.piece = readbackWords(Object.values(lengths)) * trials.length * Float32Array.BYTES_PER_ELEMENT;
    this.trials = trialsBuffer(gpu, trials.length);
    this.entries = new Uint32Array(trials.length * TRIAL_WORDS);
    for (const [slot, { dataset, initial, seed }] of trials.entries())
      this.entries.set([slot, dataset, initial, seed], slot * TRIAL_WORDS);
    writeTrials(gpu, this.trials, this.entries);
  }

  /** Compiles, and gives every trial its initial parameters. */
  protected abstract prepare(): Promise<void>;

  /** This wave, ready to run. */
  async prepared(): Promise<this> {
    try {
      await this.prepare();
      return this;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Queues `steps` training steps of the kept trials, in dispatches of `longest`; at the end of all their clocks show `until`. */
  protected abstract encode(pass: GPUComputePassEncoder, steps: number, longest: number, until: number): void;

  /** Steps of one dispatch at the most. */
  protected abstract readonly mostSteps: number;

  /** Trials that are still being trained. */
  protected get kept(): number {
    return this.slots.length;
  }

  async run(steps: number, together = steps): Promise<TrialStates> {
    const { slots, clocks } = this;
    if (slots.length > 0) {
      const until = clocks[slots[0]!]! + steps;
      for (let left = steps; left > 0;) {
        const longest = Math.min(left, together, this.mostSteps);
        // What is shorter than the other dispatches comes last, by itself.
        const some = longest * Math.floor(Math.min(left, together) / longest);
        this.submit((pass) => this.encode(pass, some, longest, until));
        left -= some;
      }
      for (let at = 0; at < slots.length; at += 1) clocks[slots[at]!]! += steps;
    }
    const expected = clocks.slice();
    const words = new Uint32Array(await this.read('state'));
    for (let at = 0; at < slots.length; at += 1) {
      const clock = words[slots[at]! * STATE.length + STATE.clock]!;
      if (clock !== expected[slots[at]!])
        throw new EngineFaultError(
          `a trial ${clock === NEVER ? 'did not end its loops' : `made ${clock} steps`} on the way to step ${expected[slots[at]!]!}`,
          Math.min(steps, together, this.mostSteps),
        );
    }
    return decode(words);
  }

  keep(slots: ArrayLike<number>): void {
    const words = new Uint32Array(slots.length * TRIAL_WORDS);
    for (let at = 0; at < slots.length; at += 1)
      for (let word = 0; word < TRIAL_WORDS; word += 1)
        words[at * TRIAL_WORDS + word] = this.entries[slots[at]! * TRIAL_WORDS + word]!;
    writeTrials(this.gpu, this.trials, words);
    this.slots = slots;
  }

  async histories(): Promise<Float64Array> {
    return Float64Array.from(new Float32Array(await this.read('history')));
  }

  async norms(): Promise<Float64Array> {
    return Float64Array.from(new Float32Array(await this.read('norms')));
  }

  close(): void {
    this.trials.destroy();
    for (const { buffer } of this.storage.values()) buffer.destroy();
  }

  /** Gives every trial its initial parameters. */
  protected async start(): Promise<void> {
    const call = initializeCall(this.vector.length, this.input.plan.settings.length);
    const sequence = await prepareSequence(this.gpu, [call], this.storage, this.trials);
    this.submit((pass) => sequence.encode(pass, this.kept));
    sequence.destroy();
  }

  protected buffer(name: string): GPUBuffer {
    return this.storage.get(name)!.buffer;
  }

  protected submit(work: (pass: GPUComputePassEncoder) => void): void {
    const { device } = this.gpu;
    const encoder = device.createCommandEncoder({ label: 'slice' });
    const pass = encoder.beginComputePass({ label: 'slice' });
    work(pass);
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  /** A whole buffer, in pieces that keep the staging within what `gpuCapacity` counts for it. */
  private async read(name: string): Promise<ArrayBuffer> {
    const buffer = this.buffer(name);
    if (buffer.size <= this.piece) return this.readPiece(buffer, 0, buffer.size);
    const whole = new Uint8Array(buffer.size);
    for (let offset = 0; offset < buffer.size; offset += this.piece) {
      const size = Math.min(this.piece, buffer.size - offset);
      whole.set(new Uint8Array(await this.readPiece(buffer, offset, size)), offset);
    }
    return whole.buffer;
  }

  private async readPiece(buffer: GPUBuffer, offset: number, size: number): Promise<ArrayBuffer> {
    const [bytes] = await readBuffers(this.gpu, [{ buffer, offset, size }]).catch(throwAsLost);
    return bytes!;
  }
}

/** `Engine.emptyWait` of the engines of the GPU. */
export function emptyWaitOf(gpu: Gpu): Promise<number> {
  return emptyWait(() => readNothing(gpu)).catch(throwAsLost);
}

function throwAsLost(error: unknown): never {
  throw error instanceof DeviceLostError ? new EngineLostError(error.message, { cause: error }) : error;
}

/** What a wave takes besides what grows with its trials: the head of its list, a call, the network. */
const WAVE_BYTES = 8 * 1024;
/** Of what a trial takes, the part that may be read back at once. */
const READBACK_SHARE = 1 / 8;

/** Elements a trial that are read back at once: its state, which is read after every slice, fits. */
function readbackWords(lengths: readonly number[]): number {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return Math.max(STATE.length, Math.floor(READBACK_SHARE * total));
}

/**
 * The most trials that fit into `bytes` and into the device's limits, at least 1: with their entries in the list and what is
 * staged to read them back, without data sets and initial parameters.
 * @param lengths elements a trial of each buffer
 */
export function gpuCapacity(gpu: Gpu, lengths: readonly number[], bytes: number): number {
  const total = lengths.reduce((sum, length) => sum + length, TRIAL_WORDS + readbackWords(lengths));
  const { maxStorageBufferBindingSize, maxBufferSize } = gpu.limits;
  const largest = Math.min(maxStorageBufferBindingSize, maxBufferSize) / Math.max(...lengths);
  const fitting = Math.min((bytes - WAVE_BYTES) / total, largest);
  return Math.max(1, Math.floor(fitting / Float32Array.BYTES_PER_ELEMENT));
}

/** The lengths of the plan's buffers that belong to the trials. */
export function trialBuffers(plan: Plan): Record<string, number> {
  return Object.fromEntries(
    Object.entries(plan.buffers)
      .filter(([, { owner }]) => owner === 'trial')
      .map(([name, { length }]) => [name, length]),
  );
}

/** Equally long vectors one after the other. */
function uploadJoined(gpu: Gpu, name: string, vectors: readonly Float32Array[]): GPUBuffer {
  const { length } = vectors[0]!;
  const buffer = createStorage(gpu, name, length * vectors.length);
  for (const [index, vector] of vectors.entries()) upload(gpu, buffer, vector, index * length);
  return buffer;
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
