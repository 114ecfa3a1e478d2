import type { Experiment } from '../experiment/types';
import type { GpuUnavailableState } from '../gpu/errors';
import type { EdgeLine, Edges } from '../scheduler/edge_finder';
import type { Frame } from '../scheduler/lockstep';
import type { Progress, SweepEnd } from '../scheduler/sweep';
import type { Trace } from '../scheduler/trace';
import type { AvailableEngine } from '../training/engines';
import type { Manner } from '../training/manner';
import type { Replay } from './replay';
import type { ResultBatch } from '../scheduler/results';

/** Of `count` workers this one trains the trials whose index leaves `index`. */
export interface Share {
  index: number;
  count: number;
}

/** Trials whose outcomes are known, and their class numbers. */
export type KnownTrials = Pick<ResultBatch, 'trial' | 'class'>;

/** What the page asks of a sweep worker; `memory` is bytes on the device. A new run ends the one before; what comes back carries its number. */
export type SweepRequest =
  | { type: 'open'; engine: AvailableEngine }
  /** Which square grid this engine fills in `seconds`, were `workers` of them at work. */
  | { type: 'measure'; run: number; experiment: Experiment; memory: number; seconds: number; workers: number }
  /** Trains what is not `known`, of which the outcomes are there already. */
  | {
      type: 'start';
      run: number;
      experiment: Experiment;
      memory: number;
      share: Share;
      known: KnownTrials;
      /** In what shape it trains. */
      manner: Manner;
    }
  | { type: 'trace'; run: number; trials: readonly number[] }
  /** Some trials once more by the float64 reference; what was asked for before is no longer wanted. */
  | { type: 'replay'; run: number; trials: readonly number[] }
  /** The edges on a line of the maps, over so many seeds; whatever was looked for before is no longer wanted. */
  | { type: 'edges'; run: number; line: EdgeLine; seeds: number }
  /** Some trials once more, for LONGER times as many steps. */
  | { type: 'longer'; run: number; trials: readonly number[] }
  /** All trials once more, together, on to where they tell the loss of a step; `stand-still` when no more of that is wanted. */
  | { type: 'advance'; run: number; step: number }
  | { type: 'stand-still'; run: number }
  | { type: 'pause' | 'resume' | 'stop' };

export type SweepEvent =
  | { type: 'adapter'; engine: AvailableEngine; adapter: string }
  /** What trains has answered a question whose answer is known; what trained was wrong, and what happens now. */
  | { type: 'checked' }
  | { type: 'fault'; words: string }
  | { type: 'unavailable'; state: GpuUnavailableState; message: string }
  /** The grid, how long it should take, and the manner in which the engine trains it fastest. */
  | { type: 'measured'; run: number; side: number; seconds: number; manner: Manner }
  /** The shapes in which a run is trained, as results name them. */
  | { type: 'shape'; run: number; shape: string }
  | { type: 'results'; run: number; batch: ResultBatch }
  | { type: 'progress'; run: number; progress: Progress }
  | { type: 'trace'; run: number; trial: number; trace: Trace }
  | { type: 'replay'; run: number; trial: number; replay: Replay }
  /** What is known so far; `sharp`: of all seeds that were asked for, and all that can be. */
  | { type: 'edges'; run: number; line: EdgeLine; edges: Edges; sharp: boolean }
  | { type: 'longer'; run: number; batch: ResultBatch }
  /** What `advance` asked for, or why it cannot be. */
  | { type: 'frame'; run: number; frame: Frame }
  | { type: 'no-frame'; run: number; words: string }
  | { type: 'done'; run: number; end: SweepEnd }
  | { type: 'error'; run: number; message: string };
