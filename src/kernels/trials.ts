import { createStorage, upload } from '../gpu/buffers';
import type { Gpu } from '../gpu/device';
import text from '../../shaders/shared/trials.wgsl?raw';
import tally from '../../shaders/shared/tally.wgsl?raw';
import type { WgslPart } from './kernel';

/** Stands before every kernel: `Trials`, `View`, `first`, `trial_of`. */
export const TRIALS_PART: WgslPart = { file: 'shaders/shared/trials.wgsl', text };
/** `count_workgroup` */
export const TALLY_PART: WgslPart = { file: 'shaders/shared/tally.wgsl', text: tally };

/** Words of one entry: slot, data set, initial parameter vector, seed. */
export const TRIAL_WORDS = 4;
/** `count`, `infinity`, and the padding that `array<vec4u>` asks for. */
export const TRIALS_HEADER_WORDS = 4;
/** What the shaders tell infinity and NaN by: a number that their compiler does not know (shaders/shared/finite.wgsl). */
const INFINITY_BITS = 0x7f800000;

/** The trials that kernels run for, and how many workgroups have begun to work for each. */
export class TrialList {
  /** The list, and the tally: a word a slot. */
  readonly buffer: GPUBuffer;
  readonly tally: GPUBuffer;
  /** What the list was last made. */
  words = new Uint32Array();

  /** @param entries as of `write`; of all trials that there are */
  constructor(
    private readonly gpu: Gpu,
    entries: Uint32Array,
  ) {
    const trials = entries.length / TRIAL_WORDS;
    const slots = entries.reduce(
      (most, word, at) => (at % TRIAL_WORDS === 0 ? Math.max(most, word) : most),
      0,
    );
    this.buffer = createStorage(gpu, 'trials', TRIALS_HEADER_WORDS + Math.max(1, trials) * TRIAL_WORDS);
    this.tally = createStorage(gpu, 'tally', slots + 1);
    this.write(entries);
  }

  /** Makes `entries` (`TRIAL_WORDS` a trial) the trials of everything that is submitted later. */
  write(entries: Uint32Array): void {
    const words = new Uint32Array(TRIALS_HEADER_WORDS + entries.length);
    words[0] = entries.length / TRIAL_WORDS;
    words[1] = INFINITY_BITS;
    words.set(entries, TRIALS_HEADER_WORDS);
    upload(this.gpu, this.buffer, words);
    this.words = words;
  }

  destroy(): void {
    this.buffer.destroy();
    this.tally.destroy();
  }
}
