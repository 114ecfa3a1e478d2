import { CLASS_NUMBER, type ResultTable, type TrialResult } from '../scheduler/results';
import type { TrialClass } from '../training/outcome';

const NAMES: ReadonlyMap<number, TrialClass | 'training'> = new Map([
  [CLASS_NUMBER.converged, 'converged'],
  [CLASS_NUMBER.stalled, 'stalled'],
  [CLASS_NUMBER.diverged, 'diverged'],
  [CLASS_NUMBER.training, 'training'],
]);

/** Results in columns, cheap to hand from one thread to another. */
export interface ResultBatch {
  trial: Uint32Array<ArrayBuffer>;
  class: Uint8Array<ArrayBuffer>;
  /** (results × 4): score, initial, final and smallest loss. */
  numbers: Float64Array<ArrayBuffer>;
  divergedAt: Int32Array<ArrayBuffer>;
}

export function packResults(results: readonly TrialResult[]): ResultBatch {
  return {
    trial: Uint32Array.from(results, ({ trial }) => trial),
    class: Uint8Array.from(results, (result) => CLASS_NUMBER[result.class]),
    numbers: Float64Array.from(
      results.flatMap(({ score, lossInitial, lossFinal, lossMin }) => [
        score,
        lossInitial,
        lossFinal,
        lossMin,
      ]),
    ),
    divergedAt: Int32Array.from(results, ({ divergedAt }) => divergedAt),
  };
}

/** What a batch lends its receiver for good. */
export function batchBuffers(batch: ResultBatch): ArrayBuffer[] {
  return [batch.trial.buffer, batch.class.buffer, batch.numbers.buffer, batch.divergedAt.buffer];
}

/** Enters a batch into a table, and tells `seen` of each result. */
export function unpackResults(
  batch: ResultBatch,
  table: ResultTable,
  seen: (result: TrialResult) => void,
): void {
  for (const [i, trial] of batch.trial.entries()) {
    const result: TrialResult = {
      trial,
      class: NAMES.get(batch.class[i]!) ?? 'training',
      score: batch.numbers[4 * i]!,
      lossInitial: batch.numbers[4 * i + 1]!,
      lossFinal: batch.numbers[4 * i + 2]!,
      lossMin: batch.numbers[4 * i + 3]!,
      divergedAt: batch.divergedAt[i]!,
    };
    table.set(result);
    seen(result);
  }
}
