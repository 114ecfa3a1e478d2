import type { Frame } from '../scheduler/lockstep';

/** Bytes that the losses of a sweep's steps may take on the page. */
const MOST_BYTES = 64 * 2 ** 20;

/** The frames of a sweep that is trained step by step, as many as fit: beyond that they are thinned out, evenly. */
export class Frames {
  /** In the order of their steps. */
  private readonly kept: Pick<Frame, 'step' | 'loss'>[] = [];
  private diverged: Int32Array = new Int32Array();

  /** @param bytes at the most; two frames are kept in any case */
  constructor(private readonly bytes = MOST_BYTES) {}

  /** Takes a frame of a later step than all before. */
  add({ step, loss, divergedAt }: Frame): void {
    this.kept.push({ step, loss });
    this.diverged = divergedAt;
    if (this.kept.length > Math.max(2, Math.floor(this.bytes / loss.byteLength))) this.thin();
  }

  /** Drops the frame that is missed least: the nearest ones before and after it are closest to each other. */
  private thin(): void {
    const { kept } = this;
    let [least, gap] = [1, Infinity];
    // The first is what all others are seen against, and the last is where training goes on.
    for (let at = 1; at < kept.length - 1; at += 1) {
      const left = kept[at + 1]!.step - kept[at - 1]!.step;
      if (left < gap) [least, gap] = [at, left];
    }
    kept.splice(least, 1);
  }

  /** By trial, as far as is known: the step at which it diverged, or −1. It holds for all steps that are not beyond the last. */
  get divergedAt(): Int32Array {
    return this.diverged;
  }

  /** The last step that is known; −1 before the first. */
  get last(): number {
    return this.kept.at(-1)?.step ?? -1;
  }

  /** Of all trials at step 0. */
  get initial(): Float32Array | undefined {
    return this.kept[0]?.loss;
  }

  /** The latest step that was kept up to this one; −1 where there is none. */
  upTo(step: number): number {
    return this.kept.findLast((frame) => frame.step <= step)?.step ?? -1;
  }

  /** The first step that was kept after this one; nothing where there is none. */
  after(step: number): number | undefined {
    return this.kept.find((frame) => frame.step > step)?.step;
  }

  /** Of all trials at a step that was kept. */
  loss(step: number): Float32Array | undefined {
    return this.kept.find((frame) => frame.step === step)?.loss;
  }
}
