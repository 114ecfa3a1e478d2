import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { decodeBatch, OUTCOME_BYTES, spansOf } from '../scheduler/column_codec';
import { Part } from '../scheduler/part';
import { ResultTable, type Columns } from '../scheduler/results';
import type { TrialSource } from '../scheduler/trial_source';
import { COLUMN_NAMES } from '../training/outcome_columns';
import type { Outcomes } from '../view/outcomes';
import type { PartResultName } from './folder';
import { readAt } from './reading';

/** Where outcomes of a part are: in the folder of a whole one, in memory of one that is not, or nowhere. */
export type PartOutcomes = { readonly folder: string } | { readonly table: ResultTable } | undefined;

/** The outcomes of a sweep that was trained in parts, read as they are asked for: of each part those of successive rows. */
export class PartedOutcomes implements Outcomes {
  constructor(
    readonly source: TrialSource,
    /** By index. */
    private readonly parts: readonly PartOutcomes[],
  ) {}

  readonly table = (first: number, count: number): ResultTable => {
    const table = new ResultTable(count);
    const of = this.parts.length;
    const [from, to] = [Math.floor(first / of), Math.floor((first + count - 1) / of) + 1];
    for (const [index, outcomes] of this.parts.entries()) {
      if (!outcomes) continue;
      const part = new Part(index, of);
      const rows = Math.min(to, part.rowsOf(this.source.grid.trials)) - from;
      if (rows <= 0) continue;
      const columns = this.columns(part, outcomes, { first: from, count: rows });
      for (const name of COLUMN_NAMES) {
        const [source, target] = [columns[name], table[name]];
        for (let row = 0; row < rows; row += 1) {
          const at = part.trialAt(from + row) - first;
          if (at >= 0 && at < count) target[at] = source[row]!;
        }
      }
    }
    return table;
  };

  private columns(
    part: Part,
    outcomes: NonNullable<PartOutcomes>,
    rows: { readonly first: number; readonly count: number },
  ): Columns {
    if ('table' in outcomes) return outcomes.table.view(rows.first, rows.count);
    const all = part.rowsOf(this.source.grid.trials);
    const bytes = new Uint8Array(rows.count * OUTCOME_BYTES);
    const descriptor = openSync(join(outcomes.folder, 'outcomes.bin' satisfies PartResultName), 'r');
    try {
      let at = 0;
      for (const { start, length } of spansOf(all, rows)) {
        readAt(descriptor, bytes.subarray(at, at + length), start);
        at += length;
      }
    } finally {
      closeSync(descriptor);
    }
    return decodeBatch(bytes, all);
  }
}
