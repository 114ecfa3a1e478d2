import type { Frame } from '../../scheduler/lockstep';
import type { GpuTurns, GpuUser } from '../../service/gpu_turns';
import type { SweepClient } from '../../service/sweep_client';
import type { ShownFrame } from '../../view/frame_picture';
import { Frames } from '../../view/frames';
import type { Run } from '../map/run';

/** The most frames that playing from the first step to the last takes: about ten seconds where training is fast. */
const MOST_FRAMES = 200;
/** Milliseconds between two of them. */
const BETWEEN = 50;

/**
 * The maps at step t: trains all trials of the sweep once more, together, shows them on the way, and keeps their losses, so that any
 * step that was reached can be shown again. The sweep itself waits meanwhile, and stays what it is. `change` follows every change.
 */
export class Player extends EventTarget {
  /** The step that is shown; nothing while the trained maps are. */
  step: number | undefined;
  /** Goes on by itself to the last step. */
  isPlaying = false;
  /** Why the trials cannot be trained together, in words. */
  refusal: string | undefined;
  private frames = new Frames();
  /** Where it is to come to rest; and the step that has been asked for and has not come. */
  private target = 0;
  private awaited: number | undefined;
  private turn: GpuUser | undefined;
  private isHeld = true;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private latest: ShownFrame | undefined;

  constructor(
    private readonly sweep: { readonly run: Run | undefined } & {
      readonly client: Pick<SweepClient, 'advance' | 'standStill'>;
    },
    private readonly turns: GpuTurns,
  ) {
    super();
  }

  /** The last step of the longest trial. */
  get lastStep(): number {
    const { run } = this.sweep;
    if (!run) return 0;
    const { grid, stepsOf } = run.results;
    // Along an axis steps grow or shrink, and an arm sets them for all of its trials: some corner has the most.
    let most = 0;
    for (let map = 0; map < grid.trials; map += grid.cells)
      for (const corner of [0, grid.nx - 1, grid.cells - grid.nx, grid.cells - 1])
        most = Math.max(most, stepsOf(map + corner));
    return most - 1;
  }

  /** The last step that can be shown at once. */
  get reached(): number {
    return Math.max(0, this.frames.last);
  }

  /** Whether the step that was asked for is still being trained. */
  get isWaiting(): boolean {
    return this.awaited !== undefined && !this.isHeld;
  }

  /** What the maps show in place of outcomes; the same object as long as that is the same. */
  get shown(): ShownFrame | undefined {
    const { step, frames, latest } = this;
    const { run } = this.sweep;
    const loss = step === undefined ? undefined : frames.loss(step);
    if (!run || step === undefined || !loss) return undefined;
    if (latest?.loss === loss && latest.divergedAt === frames.divergedAt) return latest;
    const { grid, stepsOf } = run.results;
    return (this.latest = {
      grid,
      stepsOf,
      step,
      loss,
      initial: frames.initial!,
      divergedAt: frames.divergedAt,
    });
  }

  /** Goes on to the last step, and from there on from the first one. */
  play(): void {
    this.isPlaying = true;
    if (this.step === this.lastStep) this.step = 0;
    this.go(this.lastStep);
  }

  pause(): void {
    this.isPlaying = false;
    this.target = this.step ?? 0;
    this.dispatchChange();
  }

  /** Goes `steps` further, or back. */
  move(steps: number): void {
    this.isPlaying = false;
    // The very first move shows where training begins.
    this.go(this.step === undefined ? steps - 1 : this.step + steps);
  }

  /** Shows a step, when it has been reached. */
  show(step: number): void {
    this.isPlaying = false;
    this.go(step);
  }

  /** Shows the trained maps again, and lets the sweep go on. What was reached is forgotten. */
  leave(): void {
    if (this.turn) this.sweep.client.standStill();
    this.forget();
  }

  /** Forgets another run, or one that nobody trains any more. */
  forget(): void {
    clearTimeout(this.timer);
    if (this.turn) this.turns.leave(this.turn);
    this.turn = this.timer = this.step = this.awaited = this.refusal = this.latest = undefined;
    this.isPlaying = false;
    this.isHeld = true;
    this.frames = new Frames();
    this.dispatchChange();
  }

  /** A frame has come. */
  take(frame: Frame): void {
    if (frame.step !== this.awaited) return; // of a training that is no longer wanted
    this.awaited = undefined;
    this.frames.add(frame);
    if (this.isPlaying) this.soon();
    else this.advance();
  }

  /** Why no frame can come. */
  refuse(words: string): void {
    if (this.awaited === undefined) return;
    this.forget();
    this.refusal = words;
    this.dispatchChange();
  }

  private go(target: number): void {
    if (!this.sweep.run) return;
    this.refusal = undefined;
    this.target = Math.min(this.lastStep, Math.max(0, target));
    if (!this.turn) {
      const turn = { use: 'play' as const, go: () => this.hold(false), hold: () => this.hold(true) };
      this.turn = turn;
      this.turns.enter(turn);
    }
    if (this.isPlaying) this.soon();
    else this.advance();
  }

  private hold(isHeld: boolean): void {
    this.isHeld = isHeld;
    if (!isHeld) this.advance();
  }

  /** The next frame of a film. */
  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.advance();
    }, BETWEEN);
    this.dispatchChange();
  }

  /** Shows the next of the steps that were reached, up to the target; and asks for the next where there is none. */
  private advance(): void {
    if (!this.turn) return;
    const { frames, target, isPlaying } = this;
    const next = isPlaying && this.step !== undefined ? frames.after(this.step) : undefined;
    const stored = next === undefined || next > target ? frames.upTo(target) : next;
    if (stored >= 0) this.step = stored;
    if (frames.last < target) this.request();
    if (isPlaying && this.step === this.lastStep) this.isPlaying = false;
    else if (isPlaying && this.step !== undefined && frames.after(this.step) !== undefined) this.soon();
    this.dispatchChange();
  }

  /** Losses between are kept on the way, so that they can be shown. */
  private request(): void {
    if (this.awaited !== undefined || this.isHeld) return;
    const { frames, target } = this;
    const stride = Math.ceil((this.lastStep + 1) / MOST_FRAMES);
    this.awaited = frames.last < 0 ? 0 : Math.min(target, frames.last + stride);
    this.sweep.client.advance(this.awaited);
  }

  private dispatchChange(): void {
    this.dispatchEvent(new Event('change'));
  }
}
