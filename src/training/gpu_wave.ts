import { createStorage, submit, upload, uploadStorage } from '../gpu/buffers';
import { checkSum, CheckSums } from '../kernels/check_sum';
import type { Gpu } from '../gpu/device';
import { DeviceFaultError, DeviceLostError, LimitExceededError } from '../gpu/errors';
import { lostAfter, readBuffers, readNothing, type Stretch } from '../gpu/readback';
import { emptyWait } from '../gpu/timing';
import { prepareSequence, type StorageBuffer } from '../kernels/sequence';
import { TRIAL_WORDS, TrialList } from '../kernels/trials';
import { STATE, STATE_LENGTH } from '../reference/state';
import {
  EngineFaultError,
  EngineLostError,
  type Needs,
  type ReadableBuffer,
  type Wave,
  type WaveInput,
} from './engine';
import { initializeCall, type Plan } from './plan';
import { beginningWords, statesOf, type TrialStates } from './states';

/** What a clock shows where a dispatch did not end its loops (NEVER in shaders/shared/outcome.wgsl). */
const UNFINISHED = 0xffffffff;

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

/** Steps that are submitted together: `steps` of them from step `from` on, in dispatches of `longest`. */
export interface Steps {
  readonly from: number;
  readonly steps: number;
  readonly longest: number;
  /** What the clocks show when all is done that was asked for. */
  readonly until: number;
}

/** What the engines of the GPU share: a wave's buffers, its list of trials, and reading its state back. */
export abstract class GpuWave implements Wave {
  protected readonly storage = new Map<string, StorageBuffer>();
  protected readonly trials: TrialList;
  /** Slots that are still being trained. */
  private slots: ArrayLike<number>;
  /** What each slot's clock shows, and its tally, when all that was asked for is done. */
  private readonly clocks: Uint32Array;
  private readonly tallies: Uint32Array;
  /** Check sums of what was uploaded and is never written to, by buffer. */
  private readonly uploaded = new Map<string, number>();
  private sums: CheckSums | undefined;
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
    const entries = trials.map(({ dataset, initial, seed }, slot) => [slot, dataset, initial, seed]);
    this.entries = Uint32Array.from(entries.flat());
    this.trials = new TrialList(gpu, this.entries);
    for (const [name, length] of Object.entries(lengths)) {
      const buffer = createStorage(gpu, name, length * trials.length);
      this.storage.set(name, { buffer, stride: length, owner: 'trial' });
    }
    const share = (name: string, owner: StorageBuffer['owner'], vectors: readonly Float32Array[]) => {
      this.storage.set(name, { buffer: uploadJoined(gpu, name, vectors), stride: vectors[0]!.length, owner });
      this.uploaded.set(name, checkSum(vectors));
    };
    const xs = datasets.map((data) => data.x);
    const ys = datasets.map((data) => data.y);
    share('x', 'dataset', xs);
    share('y', 'dataset', ys);
    share('base', 'initial', initials.map(vector.place));
    const segments = uploadStorage(gpu, 'segments', vector.segments);
    this.storage.set('segments', { buffer: segments, stride: 0, owner: 'trial' });
    this.uploaded.set('segments', checkSum([vector.segments]));

    const settings = new Float32Array(plan.settings.length * trials.length);
    for (const [slot, trial] of trials.entries()) settings.set(trial.settings, slot * plan.settings.length);
    upload(gpu, this.buffer('settings'), settings);
    this.uploaded.set('settings', checkSum([settings]));
    upload(gpu, this.buffer('state'), beginningWords(trials.length));

    this.slots = Uint32Array.from(trials.keys());
    this.clocks = new Uint32Array(trials.length);
    this.tallies = new Uint32Array(trials.length);
    this.piece = readbackWords(Object.values(lengths)) * trials.length * Float32Array.BYTES_PER_ELEMENT;
  }

  /** Compiles, and gives every trial its initial parameters. */
  protected abstract prepare(): Promise<void>;

  /** This wave, ready to run. */
  async prepared(): Promise<this> {
    try {
      const sums = CheckSums.open(this.gpu, this.uploaded.size + 2).then((opened) => (this.sums = opened));
      await onGpu(this.gpu, () => Promise.all([sums, this.prepare()]));
      return this;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * Queues training steps of the kept trials.
   * @returns by how much that adds to each one's tally
   */
  protected abstract encode(pass: GPUComputePassEncoder, stretch: Steps): number;

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
        this.compute((pass) => this.encode(pass, { from: until - left, steps: some, longest, until }));
        left -= some;
      }
      for (let at = 0; at < slots.length; at += 1) clocks[slots[at]!]! += steps;
    }
    const [expected, tallies] = [clocks.slice(), this.tallies.slice()];
    const [state, tally] = await this.readWhole(this.buffer('state'), { buffer: this.trials.tally });
    const [words, counts] = [new Uint32Array(state), new Uint32Array(tally)];
    for (let at = 0; at < slots.length; at += 1) {
      const slot = slots[at]!;
      const clock = words[slot * STATE_LENGTH + STATE.clock]!;
      if (clock !== expected[slot])
        throw new EngineFaultError(
          `a trial ${clock === UNFINISHED ? 'did not end its loops' : `made ${clock} steps`} on the way to step ${expected[slot]!}`,
          { steps: Math.min(steps, together, this.mostSteps) },
        );
      if (counts[slot] !== tallies[slot])
        throw new EngineFaultError(
          `${counts[slot]!} workgroups worked for a trial, of ${tallies[slot]!} up to step ${expected[slot]!}`,
        );
    }
    return statesOf(words);
  }

  keep(slots: ArrayLike<number>): void {
    const words = new Uint32Array(slots.length * TRIAL_WORDS);
    for (let at = 0; at < slots.length; at += 1)
      for (let word = 0; word < TRIAL_WORDS; word += 1)
        words[at * TRIAL_WORDS + word] = this.entries[slots[at]! * TRIAL_WORDS + word]!;
    this.trials.write(words);
    this.slots = slots;
  }

  async read(name: ReadableBuffer): Promise<Float64Array> {
    return Float64Array.from(await this.checked(name, this.buffer(name)));
  }

  begin(parameters: Float64Array): void {
    const { length } = this.input.plan.buffers['parameters']!;
    const { buffer, stride } = this.storage.get('parameters')!;
    for (const slot of this.input.trials.keys()) {
      const own = Float32Array.from(parameters.subarray(slot * length, (slot + 1) * length));
      upload(this.gpu, buffer, this.vector.place(own), slot * stride);
    }
    this.clearVelocity();
    upload(this.gpu, this.buffer('state'), beginningWords(this.input.trials.length));
    this.clocks.fill(0);
  }

  protected abstract clearVelocity(): void;

  close(): void {
    this.sums?.close();
    this.trials.destroy();
    for (const { buffer } of this.storage.values()) buffer.destroy();
  }

  /** Gives every trial its initial parameters. */
  protected async start(): Promise<void> {
    const call = initializeCall(this.vector.length, this.input.plan.settings.length);
    const sequence = await prepareSequence(this.gpu, [call], this.storage, this.trials);
    this.compute((pass) => {
      sequence.encode(pass, this.kept);
      return sequence.workgroups;
    });
    sequence.destroy();
  }

  protected buffer(name: string): GPUBuffer {
    return this.storage.get(name)!.buffer;
  }

  /** @param work returns by how much it adds to the tally of each kept trial */
  protected compute(work: (pass: GPUComputePassEncoder) => number): void {
    submit(this.gpu, 'slice', (encoder) => {
      const pass = encoder.beginComputePass({ label: 'slice' });
      const workgroups = work(pass);
      for (let at = 0; at < this.slots.length; at += 1) this.tallies[this.slots[at]!]! += workgroups;
      pass.end();
    });
  }

  /** A buffer of floats, after it was seen that it came whole, and that what the trials were made of is still what it was. */
  protected async checked(name: string, buffer: GPUBuffer): Promise<Float32Array> {
    const expected = new Map(this.uploaded).set('trials', checkSum([this.trials.words]));
    const stretches = Array.from(expected.keys(), (known) =>
      known === 'trials'
        ? { buffer: this.trials.buffer, offset: 0, size: this.trials.words.byteLength }
        : { buffer: this.buffer(known), offset: 0, size: this.buffer(known).size },
    );
    let sums: Stretch;
    submit(this.gpu, 'check sums', (encoder) => {
      sums = this.sums!.encode(encoder, [...stretches, { buffer, offset: 0, size: buffer.size }]);
    });
    const [bytes, found] = await this.readWhole(buffer, sums!);
    const floats = new Float32Array(bytes);
    expected.set(name, checkSum([floats]));
    for (const [index, [known, sum]] of [...expected].entries())
      if (CheckSums.at(found, index) !== sum)
        throw new EngineFaultError(`the buffer ${known} is not what it was`);
    return floats;
  }

  /** A whole buffer, in pieces that keep the staging within what `gpuNeeds` counts for it; and with the last of them another. */
  private async readWhole(buffer: GPUBuffer, besides: Stretch): Promise<[ArrayBuffer, ArrayBuffer]> {
    const whole = new Uint8Array(buffer.size);
    for (let offset = 0; ; offset += this.piece) {
      const size = Math.min(this.piece, buffer.size - offset);
      const isLast = offset + size === buffer.size;
      const stretches = [{ buffer, offset, size }, ...(isLast ? [besides] : [])];
      const [piece, other] = await onGpu(this.gpu, () => readBuffers(this.gpu, stretches));
      if (other && offset === 0) return [piece!, other];
      whole.set(new Uint8Array(piece!), offset);
      if (other) return [whole.buffer, other];
    }
  }
}

/** `Engine.roundoff` of the engines of the GPU. */
export const FLOAT32_ROUNDOFF = 2 ** -24;

/** `Engine.emptyWait` of the engines of the GPU. */
export function emptyWaitOf(gpu: Gpu): Promise<number> {
  return onGpu(gpu, () => emptyWait(() => readNothing(gpu)));
}

/**
 * Does something on a GPU, and says in an engine's words what the device says is wrong.
 * @throws EngineLostError, EngineFaultError
 */
export async function onGpu<Result>(gpu: Gpu, work: () => Promise<Result>): Promise<Result> {
  try {
    const result = await work();
    await gpu.errors.check();
    return result;
  } catch (error) {
    throw await inEngineWords(gpu, error);
  }
}

/** What else fails on a device with a fault, or on one that is lost, fails because of that. */
async function inEngineWords(gpu: Gpu, error: unknown): Promise<unknown> {
  if (
    error instanceof EngineFaultError ||
    error instanceof EngineLostError ||
    error instanceof LimitExceededError
  )
    return error;
  const cause: unknown = await gpu.errors
    .check()
    .then(() => (error instanceof DeviceFaultError ? undefined : lostAfter(gpu, error)))
    .then(
      () => error,
      (found: unknown) => found,
    );
  if (cause instanceof DeviceFaultError) {
    const [line = ''] = cause.message.split('\n');
    const { outOfMemory } = cause;
    return new EngineFaultError(`the device says: ${line}`, { outOfMemory });
  }
  return cause instanceof DeviceLostError ? new EngineLostError(cause.message, { cause }) : cause;
}

/** What a wave takes besides what grows with its trials: the head of its list, a call, the network, check sums. */
const WAVE_BYTES = 12 * 1024;
/** Words of a trial in the list and in the tally, and of the latter to be read back. */
const OF_TRIAL = TRIAL_WORDS + 2;
/** Of what a trial takes, the part that may be read back at once. */
const READBACK_SHARE = 1 / 8;

/** Elements a trial that are read back at once: its state, which is read after every slice, fits. */
function readbackWords(lengths: readonly number[]): number {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return Math.max(STATE_LENGTH, Math.floor(READBACK_SHARE * total));
}

/**
 * What waves of a plan need: their buffers, entries in the list, and what is staged to read them back.
 * @param lengths elements a trial of each buffer
 * @param vector elements of an initial vector
 * @param fixed bytes of what else a wave has
 */
export function gpuNeeds(gpu: Gpu, lengths: readonly number[], vector: number, fixed = 0): Needs {
  const words = lengths.reduce((sum, length) => sum + length, OF_TRIAL + readbackWords(lengths));
  const { maxStorageBufferBindingSize, maxBufferSize } = gpu.limits;
  const bindable = Math.min(maxStorageBufferBindingSize, maxBufferSize) / WORD;
  const fits = SEGMENT_WORDS * vector <= bindable;
  return {
    trial: words * WORD,
    wave: WAVE_BYTES + SEGMENT_WORDS * vector * WORD + fixed,
    initial: vector * WORD,
    most: fits ? Math.floor(bindable / Math.max(...lengths)) : 0,
  };
}

const WORD = Uint32Array.BYTES_PER_ELEMENT;
/** Words of the plan's segments for each parameter. */
const SEGMENT_WORDS = 2;

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
