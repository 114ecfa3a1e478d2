import { createBuffer, createStorage, submit } from './buffers';
import type { Gpu } from './device';
import { DeviceFaultError, DeviceLostError } from './errors';

/** A stretch of a buffer, in bytes; multiples of 4. */
export interface Stretch {
  readonly buffer: GPUBuffer;
  readonly offset?: number;
  readonly size?: number;
}

/**
 * Copies stretches of buffers to the CPU with one submit and one mapping.
 * @throws DeviceLostError when the device goes before the data is here, DeviceFaultError when it does not give it, or says that something
 * went wrong before
 */
export async function readBuffers(gpu: Gpu, stretches: readonly Stretch[]): Promise<ArrayBuffer[]> {
  const ranges: { at: number; size: number }[] = [];
  let total = 0;
  for (const { buffer, offset = 0, size = buffer.size - offset } of stretches) {
    ranges.push({ at: total, size });
    total += size;
  }
  const staging = createBuffer(gpu, 'readback', total, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  try {
    submit(gpu, 'readback', (encoder) =>
      stretches.forEach(({ buffer, offset = 0 }, i) => {
        const range = ranges[i];
        if (range && range.size > 0)
          encoder.copyBufferToBuffer(buffer, offset, staging, range.at, range.size);
      }),
    );
    await nudging(gpu, staging.mapAsync(GPUMapMode.READ)).catch(async (error: unknown) => {
      await lostAfter(gpu, error);
      throw new DeviceFaultError(`no data came back (${error instanceof Error ? error.message : ''})`, false);
    });
    await gpu.errors.check();
    const mapped = staging.getMappedRange();
    return ranges.map(({ at, size }) => mapped.slice(at, at + size));
  } finally {
    staging.destroy();
  }
}

/** Reads a word that nobody writes: what every readback costs besides. */
export async function readNothing(gpu: Gpu): Promise<void> {
  const buffer = createStorage(gpu, 'nothing', 1);
  try {
    await readBuffers(gpu, [{ buffer }]);
  } finally {
    buffer.destroy();
  }
}

/**
 * Resolves when all that was submitted so far is done.
 * @throws DeviceLostError, DeviceFaultError
 */
export async function whenDone(gpu: Gpu): Promise<void> {
  await answerOf(gpu, nudging(gpu, gpu.device.queue.onSubmittedWorkDone()));
  await gpu.errors.check();
}

/** Milliseconds before the first nudge, and how much later each one comes than the one before: a nudge is work for the browser. */
const NUDGE = 2;
const LATER = 1.5;

/**
 * What a browser is waited for. Firefox looks only every tenth of a second whether the GPU is done (bug 1870699), but also
 * whenever something is submitted: so nothing is, again and again.
 */
async function nudging<Result>(gpu: Gpu, waited: Promise<Result>): Promise<Result> {
  let next = NUDGE;
  let timer = setTimeout(function nudge() {
    gpu.device.queue.submit([]);
    timer = setTimeout(nudge, (LATER - 1) * next);
    next *= LATER;
  }, next);
  let over: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<never>((_, reject) => {
    over = setTimeout(
      () => reject(new DeviceLostError(false, 'no answer', `for ${gpu.patience / 1000} s`)),
      gpu.patience,
    );
  });
  try {
    return await Promise.race([waited, patience]);
  } finally {
    clearTimeout(timer);
    clearTimeout(over);
  }
}

/**
 * What a device answers.
 * @throws DeviceLostError instead of whatever a lost one answers
 */
export async function answerOf<Answer>(gpu: Gpu, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    await lostAfter(gpu, error);
    throw error;
  }
}

/** Milliseconds in which a device that is lost says so. */
const TELLING = 1000;

/**
 * Resolves when `error` does not come of a lost device: what does says so only vaguely, and shortly before or after `lost` does.
 * @throws DeviceLostError
 */
export async function lostAfter(gpu: Gpu, error: unknown): Promise<void> {
  if (error instanceof DeviceLostError) throw error;
  const patience = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), TELLING));
  const lost = await Promise.race([gpu.lost, patience]);
  if (lost) throw lost;
}
