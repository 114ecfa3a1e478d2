import { trialIndex, type Grid } from '../experiment/axes';
import type { Difference } from './difference';
import { DIFFERENCES, paintCells, shade, type Canvas, type MapColours } from './map_picture';
import { formatNumber } from './number_format';

/** All trials at one step of training. */
export interface ShownFrame {
  readonly grid: Grid;
  /** t: the losses are those before update t. */
  readonly step: number;
  /** By trial: at this step, and at step 0. */
  readonly loss: Float32Array;
  readonly initial: Float32Array;
  /** By trial: the step at which it diverged, as far as is known, or −1. */
  readonly divergedAt: Int32Array;
  /** Training steps of a trial. */
  readonly stepsOf: (trial: number) => number;
}

/** log₁₀ of loss / initial loss at the ends of the ramp. */
export const FRAME_RANGE = { poor: 0, good: -3 } as const;

/** The trial that stands for a cell at this step: the median of its replicates by their loss. */
function standsFor(frame: ShownFrame, arm: number, ix: number, iy: number): number {
  const { grid } = frame;
  const first = trialIndex(grid, { arm, replicate: 0, iy, ix });
  if (grid.replicates === 1) return first;
  const trials = Array.from({ length: grid.replicates }, (_, replicate) => first + replicate * grid.cells);
  const rank = (trial: number) => (hasDiverged(frame, trial) ? Infinity : lossLeft(frame, trial));
  trials.sort((a, b) => rank(a) - rank(b) || 0);
  return trials[(trials.length - 1) >> 1]!;
}

function hasDiverged({ divergedAt, step, loss }: ShownFrame, trial: number): boolean {
  const at = divergedAt[trial]!;
  return (at >= 0 && at <= step) || !Number.isFinite(loss[trial]);
}

function lossLeft({ loss, initial }: ShownFrame, trial: number): number {
  return initial[trial] === 0 ? 1 : loss[trial]! / initial[trial]!;
}

/** Draws an arm at a step, a row at every turn: the loss so far on the ramp of what converges, and what has diverged by then. */
export function paintFrame(
  canvas: Canvas,
  frame: ShownFrame,
  arm: number,
  colours: MapColours,
): Generator<void> {
  const { poor, good } = FRAME_RANGE;
  const colourOf = (trial: number): number => {
    if (hasDiverged(frame, trial)) {
      const lasted = Math.max(0, frame.divergedAt[trial]!);
      return shade(colours.diverged, Math.log(lasted + 1) / Math.log(frame.stepsOf(trial) + 1));
    }
    const left = lossLeft(frame, trial);
    return left > 1 ? colours.risen : shade(colours.converged, (Math.log10(left) - poor) / (good - poor));
  };
  return paintCells(canvas, { grid: frame.grid, coarsest: 1 }, (ix, iy) => ({
    colour: colourOf(standsFor(frame, arm, ix, iy)),
    isFinished: true,
  }));
}

/** What the second arm changes at a step: where the loss is below the initial one with it, without it, in both, in neither. */
export function frameDifference(frame: ShownFrame, ix: number, iy: number): Difference {
  const [first, second] = [0, 1].map((arm) => {
    const trial = standsFor(frame, arm, ix, iy);
    return !hasDiverged(frame, trial) && lossLeft(frame, trial) < 1;
  });
  if (first) return second ? 'both' : 'broken';
  return second ? 'rescued' : 'neither';
}

/** Draws that, a row at every turn. */
export function paintFrameDifference(canvas: Canvas, frame: ShownFrame): Generator<void> {
  return paintCells(canvas, { grid: frame.grid, coarsest: 1 }, (ix, iy) => ({
    colour: DIFFERENCES[frameDifference(frame, ix, iy)],
    isFinished: true,
  }));
}

/** An arm's cell at a step, in words. */
export function frameWords(frame: ShownFrame, arm: number, ix: number, iy: number): string {
  const trial = standsFor(frame, arm, ix, iy);
  const at = frame.divergedAt[trial]!;
  if (hasDiverged(frame, trial)) return at >= 0 ? `diverged at step ${at}` : 'not finite';
  return `loss ${formatNumber(lossLeft(frame, trial), 2)} of initial at step ${frame.step}`;
}
