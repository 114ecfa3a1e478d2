import { CLASSES, STATES, type FinishedTrial, type TrialClass, type TrialState } from '../training/outcome';
import {
  COLUMN_ARRAYS,
  COLUMN_NAMES,
  columnOf,
  type ColumnName,
  type OUTCOME_COLUMNS,
} from '../training/outcome_columns';
import type { TrialStates } from '../training/states';

/** Class numbers of results: the classes of an outcome, then two for trials that have none yet. */
export const CLASS_NUMBER = { converged: 0, stalled: 1, diverged: 2, training: 3, waiting: 4 } as const;

type ColumnTypes = typeof OUTCOME_COLUMNS;
interface ColumnArrays {
  u8: Uint8Array<ArrayBuffer>;
  i32: Int32Array<ArrayBuffer>;
  f32: Float32Array<ArrayBuffer>;
  f64: Float64Array<ArrayBuffer>;
}

/** The columns of an outcome (`OUTCOME_COLUMNS`), one number a trial each. */
export type Columns = { readonly [Name in ColumnName]: ColumnArrays[ColumnTypes[Name]['type']] };

/** Results of some trials in columns: a million of them are a few arrays, cheap to hand from one thread to another. */
export interface ResultBatch extends Columns {
  readonly trial: Uint32Array<ArrayBuffer>;
}

/** How one trial stands: its outcome, or while it trains the same fields of the losses so far. */
export type TrialResult = { trial: number } & {
  [Name in ColumnName]: ColumnTypes[Name] extends { readonly names: readonly (infer Value)[] }
    ? Value
    : number;
};

function columns(length: number): Columns {
  return Object.fromEntries(
    COLUMN_NAMES.map((name) => [name, new COLUMN_ARRAYS[columnOf(name).type](length)]),
  ) as Columns;
}

/** A batch with room for `length` results. */
export function emptyBatch(length: number): ResultBatch {
  return { trial: new Uint32Array(length), ...columns(length) };
}

/**
 * Outcomes of trials.
 * @param outcomes in the order of `trials`
 * @param states of their wave
 */
export function finishedBatch(
  trials: ArrayLike<number>,
  outcomes: readonly FinishedTrial[],
  states: TrialStates,
): ResultBatch {
  const batch = emptyBatch(outcomes.length);
  batch.trial.set(trials);
  for (const name of COLUMN_NAMES) {
    const [to, valueOf] = [batch[name], columnOf(name).finished(states)];
    for (let at = 0; at < outcomes.length; at += 1) to[at] = valueOf(outcomes[at]!);
  }
  return batch;
}

/**
 * Trials that still train, as far as they have come.
 * @param slots in their wave, in the order of `trials`
 * @param steps that each is to make
 */
export function trainingBatch(
  trials: ArrayLike<number>,
  slots: ArrayLike<number>,
  states: TrialStates,
  steps: number,
): ResultBatch {
  const batch = emptyBatch(slots.length);
  batch.trial.set(trials);
  for (const name of COLUMN_NAMES) {
    const [to, valueOf] = [batch[name], columnOf(name).training(states, steps)];
    for (let at = 0; at < slots.length; at += 1) to[at] = valueOf(slots[at]!);
  }
  return batch;
}

/** Puts a result into row `at` of columns. */
function put(to: Columns, at: number, result: TrialResult): void {
  for (const name of COLUMN_NAMES) {
    const value = result[name];
    to[name][at] = typeof value === 'number' ? value : columnOf(name).names!.indexOf(value);
  }
}

export function batchOf(results: readonly TrialResult[]): ResultBatch {
  const batch = emptyBatch(results.length);
  for (const [at, result] of results.entries()) {
    batch.trial[at] = result.trial;
    put(batch, at, result);
  }
  return batch;
}

export function joinBatches(batches: readonly ResultBatch[]): ResultBatch {
  const joined = emptyBatch(batches.reduce((sum, { trial }) => sum + trial.length, 0));
  let at = 0;
  for (const batch of batches) {
    joined.trial.set(batch.trial, at);
    for (const name of COLUMN_NAMES) joined[name].set(batch[name], at);
    at += batch.trial.length;
  }
  return joined;
}

/** Some rows of columns, as results of these trials. */
export function gathered(from: Columns, rows: readonly number[], trials: ArrayLike<number>): ResultBatch {
  const batch = emptyBatch(rows.length);
  batch.trial.set(trials);
  for (const name of COLUMN_NAMES) for (const [at, row] of rows.entries()) batch[name][at] = from[name][row]!;
  return batch;
}

/** Outcomes of all trials of a table that are finished, and of which `wants` says so. */
export function finishedOf(table: ResultTable, wants: (trial: number) => boolean = () => true): ResultBatch {
  const trials: number[] = [];
  for (let trial = 0; trial < table.trials; trial += 1)
    if (table.isFinished(trial) && wants(trial)) trials.push(trial);
  return gathered(table, trials, trials);
}

/** Those of a batch of which `wants` says so. */
export function someResults(batch: ResultBatch, wants: (trial: number) => boolean): ResultBatch {
  const rows = Array.from(batch.trial.keys()).filter((at) => wants(batch.trial[at]!));
  return gathered(
    batch,
    rows,
    rows.map((row) => batch.trial[row]!),
  );
}

/** Result by result, for where there are few. */
export function rowsOf(batch: ResultBatch): TrialResult[] {
  const valueOf = (name: ColumnName, at: number) => {
    const value = batch[name][at]!;
    return columnOf(name).names?.[value] ?? value;
  };
  return Array.from(
    batch.trial,
    (trial, at) =>
      ({
        trial,
        ...Object.fromEntries(COLUMN_NAMES.map((name) => [name, valueOf(name, at)])),
      }) as TrialResult,
  );
}

/** Columns as members, and of how many trials. */
const TrialColumns = class {
  constructor(readonly trials: number) {
    Object.assign(this, columns(trials));
  }
} as new (trials: number) => Columns & { readonly trials: number };

/** The results of a sweep by trial index, in columns. */
export class ResultTable extends TrialColumns {
  constructor(trials: number) {
    super(trials);
    for (const name of COLUMN_NAMES) this[name].fill(columnOf(name).unknown ?? 0);
  }

  set(result: TrialResult): void {
    put(this, result.trial, result);
  }

  /** Enters every result of a batch; where a trial comes twice, the later one counts. */
  enter(batch: ResultBatch): void {
    for (const name of COLUMN_NAMES) {
      const [from, to] = [batch[name], this[name]];
      for (let at = 0; at < batch.trial.length; at += 1) to[batch.trial[at]!] = from[at]!;
    }
  }

  /** `count` results from `first` on, as a table of their own on the same memory. */
  view(first: number, count: number): ResultTable {
    const columns = COLUMN_NAMES.map((name) => [name, this[name].subarray(first, first + count)] as const);
    return Object.assign(new ResultTable(0), { trials: count }, Object.fromEntries(columns));
  }

  copy(): ResultTable {
    const copy = new ResultTable(this.trials);
    for (const name of COLUMN_NAMES) copy[name].set(this[name]);
    return copy;
  }

  /** Whether the trial's outcome is known. */
  isFinished(trial: number): boolean {
    return this.class[trial]! < CLASSES.length;
  }

  classOf(trial: number): TrialClass | undefined {
    return CLASSES[this.class[trial]!];
  }

  /** Nothing before the trial has finished. */
  stateOf(trial: number): TrialState | undefined {
    return this.isFinished(trial) ? STATES[this.state[trial]!] : undefined;
  }
}
