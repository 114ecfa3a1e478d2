import type { Range } from './colouring';
import { meanLoss, type Told } from './outcome_words';

/** Bins a decade of the histogram, and its reach: 10^LOWEST to 10^HIGHEST. */
const BINS = 32;
const LOWEST = -9;
const HIGHEST = 1;
/** What the picture starts with, before any trial has finished: log₁₀ of the mean relative loss. */
const DEFAULT = { poor: 0, good: -2 };
/** Share of the trials at either end that may lie beyond the scale. */
const TAIL = 0.05;

/**
 * The range of the colours of converged trials: the mean of loss / initial loss over a run, logarithmic,
 * cut where a few extreme trials would take the contrast from all others. Both arms share one.
 */
export class ColourScale {
  private readonly counts = new Uint32Array((HIGHEST - LOWEST) * BINS);
  private total = 0;

  /** Adds those of some trials that have converged. A finished trial must come only once. */
  enter(told: Told, trials: Iterable<number>): void {
    for (const trial of trials)
      if (told.table.stateOf(trial) === 'converged') this.add(meanLoss(told, trial));
  }

  /** @param meanLoss of a converged trial, relative to its initial loss */
  add(meanLoss: number): void {
    const bin = Math.floor((Math.log10(meanLoss) - LOWEST) * BINS);
    this.counts[Math.min(this.counts.length - 1, Math.max(0, bin || 0))]! += 1;
    this.total += 1;
  }

  /** log₁₀ of the two ends. */
  get range(): { poor: number; good: number } {
    if (this.total < 8) return DEFAULT;
    const good = this.quantile(TAIL);
    const poor = this.quantile(1 - TAIL) + 1 / BINS;
    return { poor: Math.max(poor, good + 0.25), good };
  }

  /** The two ends, in the mean of loss / initial loss. */
  get ends(): Range {
    const { poor, good } = this.range;
    return [10 ** poor, 10 ** good];
  }

  private quantile(share: number): number {
    let left = share * this.total;
    for (const [bin, count] of this.counts.entries()) {
      left -= count;
      if (left <= 0) return LOWEST + bin / BINS;
    }
    return HIGHEST;
  }
}
