import { cellOf } from '../experiment/axes';
import { coarsestStride } from './order';
import type { TrialSource } from './trial_source';
import { Subset, totalOf, type Trials } from './trials';

/** 2³² over the golden ratio. Its multiples, modulo 2³², fill the circle evenly however many of them there are (Knuth, 6.4). */
const GOLDEN = 0x9e3779b1;

/** By how many places the parts are turned in a block of as many trials as there are parts. */
function turnOf(block: number, of: number): number {
  return Math.floor(((Math.imul(block, GOLDEN) >>> 0) / 2 ** 32) * of);
}

/**
 * One of `of` parts of a sweep. Each block of `of` successive trials has one of every part, turned from block to block by the golden
 * ratio: so every part is spread over all of every map, has its share of what diverges soon, and follows from document and `of` alone;
 * and of trial and part either is found from the other without a table.
 */
export class Part {
  constructor(
    readonly index: number,
    readonly of: number,
  ) {}

  /** As it is called and told: `I/N`. */
  get name(): string {
    return `${this.index}/${this.of}`;
  }

  /** The trial in a row of the part; rows have the order of trials. */
  trialAt(row: number): number {
    return row * this.of + ((this.index - turnOf(row, this.of) + this.of) % this.of);
  }

  /** How many of a sweep's trials are its own. */
  rowsOf(trials: number): number {
    const whole = Math.floor(trials / this.of);
    return whole + (this.trialAt(whole) < trials ? 1 : 0);
  }
}

/** The index of the part that has a trial, of `of` parts. */
export function partOf(trial: number, of: number): number {
  return ((trial % of) + turnOf(Math.floor(trial / of), of)) % of;
}

/** The trials that one call trains, and the row that each has among them. */
export interface Share {
  readonly trials: Trials;
  readonly rows: number;
  trialAt(row: number): number;
  rowOf(trial: number): number;
}

/** A part of a sweep, or all of it. */
export function shareOf(source: TrialSource, part: Part | undefined): Share {
  const { trials } = source.grid;
  if (!part) return { trials: source, rows: trials, trialAt: (row) => row, rowOf: (trial) => trial };
  const rows = part.rowsOf(trials);
  const levels = () => levelsOf(source, part, rows);
  return {
    trials: new Subset(source, levels, totalOf(source, [trialsOf(part, rows)])),
    rows,
    trialAt: (row) => part.trialAt(row),
    rowOf: (trial) => Math.floor(trial / part.of),
  };
}

function* trialsOf(part: Part, rows: number): Iterable<number> {
  for (let row = 0; row < rows; row += 1) yield part.trialAt(row);
}

/** Coarse cells first, as of the whole; the trials of other parts are never looked at, of which there may be many. */
function* levelsOf({ grid }: TrialSource, part: Part, rows: number): Iterable<Iterable<number>> {
  const { nx, ny } = grid;
  const coarsest = coarsestStride(nx, ny);
  function* level(stride: number) {
    for (const trial of trialsOf(part, rows)) {
      const { ix, iy } = cellOf(grid, trial);
      // The lowest bit that is set in either is the stride of the level that has the cell.
      const own = (ix | iy) & -(ix | iy) || coarsest;
      if (Math.min(own, coarsest) === stride) yield trial;
    }
  }
  for (let stride = coarsest; stride >= 1; stride /= 2) yield level(stride);
}
