import { createStorage, upload } from '../gpu/buffers';
import type { Gpu } from '../gpu/device';
import text from '../../shaders/shared/trials.wgsl?raw';
import type { WgslPart } from './kernel';

/** Stands before every kernel: `Trials`, `View`, `first`, `trial_of`. */
export const TRIALS_PART: WgslPart = { file: 'shaders/shared/trials.wgsl', text };

/** Words of one entry: slot, data set, initial parameter vector, seed. */
export const TRIAL_WORDS = 4;
/** `count`, `infinity`, and the padding that `array<vec4u>` asks for. */
const HEADER_WORDS = 4;
/** What the shaders tell infinity and NaN by: a number that their compiler does not know (shaders/shared/finite.wgsl). */
const INFINITY_BITS = 0x7f800000;

/** A list with room for `capacity` trials, and none in it. */
export function trialsBuffer(gpu: Gpu, capacity: number): GPUBuffer {
  return createStorage(gpu, 'trials', HEADER_WORDS + Math.max(1, capacity) * TRIAL_WORDS);
}

/** Makes `entries` (`TRIAL_WORDS` a trial) the trials of everything that is submitted later. */
export function writeTrials(gpu: Gpu, buffer: GPUBuffer, entries: Uint32Array): void {
  const words = new Uint32Array(HEADER_WORDS + entries.length);
  words[0] = entries.length / TRIAL_WORDS;
  words[1] = INFINITY_BITS;
  words.set(entries, HEADER_WORDS);
  upload(gpu, buffer, words);
}
