import type { GpuUnavailableState } from '../gpu/errors';
import type { BenchReport } from '../bench/bench';

/** What the page asks of a bench worker, once; a worker that is no longer wanted is ended. */
export interface BenchRequest {
  /** Of a kernel size. */
  readonly size: string;
}

export type BenchEvent =
  | { type: 'begins'; what: string; at: number; total: number }
  | { type: 'measured'; report: BenchReport }
  /** Something was wrong, in words, and what happens now. */
  | { type: 'fault'; words: string }
  | { type: 'done' }
  | { type: 'unavailable'; state: GpuUnavailableState }
  | { type: 'error'; message: string };
