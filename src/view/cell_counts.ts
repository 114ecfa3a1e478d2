import type { Grid } from '../experiment/axes';
import { CLASS_NUMBER, type ResultBatch, type ResultTable } from '../scheduler/results';
import type { TrialState } from '../training/outcome';
import { differenceBetween, type Difference } from './difference';
import { hasRisen } from './outcome_words';
import { representative } from './representative';

/** Cells of an arm by the state of the trial that stands for them; of the stuck ones, those above their initial loss apart. */
export type StateCounts = Readonly<Record<TrialState | 'risen' | 'unfinished', number>>;
export type DifferenceCounts = Readonly<Record<Difference, number>>;

/** Cells by what became of them, kept up with every batch: to count a million anew each time would hold the page. */
export class CellCounts {
  readonly arms: readonly StateCounts[];
  readonly differences: DifferenceCounts = { rescued: 0, broken: 0, both: 0, neither: 0 };
  /** Trials, those of all arms and replicates. */
  slow = 0;

  /** Of a table in which nothing has finished. */
  constructor(
    private readonly table: ResultTable,
    private readonly grid: Grid,
  ) {
    const none = { converged: 0, already: 0, slow: 0, stuck: 0, risen: 0, diverged: 0, dead: 0 };
    this.arms = Array.from({ length: grid.arms }, () => ({ ...none, unfinished: grid.cells }));
  }

  /** Of a table as it is. */
  static of(table: ResultTable, grid: Grid): CellCounts {
    const counts = new CellCounts(table, grid);
    for (const arm of counts.arms) change(arm, 'unfinished', -grid.cells);
    for (let cell = 0; cell < grid.cells; cell += 1) counts.count(cell, 1);
    for (let trial = 0; trial < grid.trials; trial += 1) counts.countTrial(trial, 1);
    return counts;
  }

  /** Enters a batch into the table, and counts what it changes. */
  enter(batch: ResultBatch): void {
    const { table, grid } = this;
    // Trials that train on change no count, and batches are full of them.
    const changed = batch.trial.filter(
      (trial, at) => batch.class[at]! < CLASS_NUMBER.training || table.isFinished(trial),
    );
    const cells = new Set(Array.from(changed, (trial) => trial % grid.cells));
    for (const cell of cells) this.count(cell, -1);
    for (const trial of changed) this.countTrial(trial, -1);
    table.enter(batch);
    for (const cell of cells) this.count(cell, 1);
    for (const trial of changed) this.countTrial(trial, 1);
  }

  private count(cell: number, by: number): void {
    const { table, grid } = this;
    const [ix, iy] = [cell % grid.nx, Math.floor(cell / grid.nx)];
    const states = this.arms.map((counts, arm) => {
      const trial = representative(table, grid, arm, ix, iy);
      const state = trial === undefined ? undefined : table.stateOf(trial);
      const isRisen = state === 'stuck' && hasRisen(table, trial!);
      change(counts, isRisen ? 'risen' : (state ?? 'unfinished'), by);
      return state;
    });
    const difference = differenceBetween(states[0], states[1]);
    if (difference) change(this.differences, difference, by);
  }

  private countTrial(trial: number, by: number): void {
    if (this.table.stateOf(trial) === 'slow') this.slow += by;
  }
}

/** Only here do counts change. */
function change<Name extends string>(counts: Readonly<Record<Name, number>>, name: Name, by: number): void {
  (counts as Record<Name, number>)[name] += by;
}
