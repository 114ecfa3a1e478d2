import { CLASSES, STATES, type Outcome, type TrialClass, type TrialState } from '../training/outcome';

/** Class numbers of results: the classes of an outcome, then two for trials that have none yet. */
export const CLASS_NUMBER = { converged: 0, stalled: 1, diverged: 2, training: 3, waiting: 4 } as const;
const STATE_NUMBER = {
  converged: 0,
  already: 1,
  slow: 2,
  stuck: 3,
  diverged: 4,
  dead: 5,
} as const satisfies Record<TrialState, number>;

/** How one trial stands: its outcome, or while it trains the same fields of the losses so far. */
export interface TrialResult extends Omit<Outcome, 'class'> {
  trial: number;
  class: TrialClass | 'training';
}

/** One number a trial each, in the order in which they are told. */
export interface Columns {
  readonly class: Uint8Array<ArrayBuffer>;
  /** Of `STATES`; means nothing before the trial has finished. */
  readonly state: Uint8Array<ArrayBuffer>;
  readonly score: Float64Array<ArrayBuffer>;
  readonly lossInitial: Float64Array<ArrayBuffer>;
  readonly lossFinal: Float64Array<ArrayBuffer>;
  readonly lossMin: Float64Array<ArrayBuffer>;
  readonly lossMax: Float32Array<ArrayBuffer>;
  readonly saturation: Float32Array<ArrayBuffer>;
  readonly divergedAt: Int32Array<ArrayBuffer>;
}

/** Results of some trials in columns: a million of them are a few arrays, cheap to hand from one thread to another. */
export interface ResultBatch extends Columns {
  readonly trial: Uint32Array<ArrayBuffer>;
}

function columns(length: number): Columns {
  return {
    class: new Uint8Array(length),
    state: new Uint8Array(length),
    score: new Float64Array(length),
    lossInitial: new Float64Array(length),
    lossFinal: new Float64Array(length),
    lossMin: new Float64Array(length),
    lossMax: new Float32Array(length),
    saturation: new Float32Array(length),
    divergedAt: new Int32Array(length),
  };
}

const NAMES = Object.keys(columns(0)) as (keyof Columns)[];

/** A batch with room for `length` results. */
export function emptyBatch(length: number): ResultBatch {
  return { trial: new Uint32Array(length), ...columns(length) };
}

/** Puts a result into row `at` of columns. */
export function put(to: Columns, at: number, result: Omit<TrialResult, 'trial'>): void {
  to.class[at] = CLASS_NUMBER[result.class];
  to.state[at] = STATE_NUMBER[result.state];
  to.score[at] = result.score;
  to.lossInitial[at] = result.lossInitial;
  to.lossFinal[at] = result.lossFinal;
  to.lossMin[at] = result.lossMin;
  to.lossMax[at] = result.lossMax;
  to.saturation[at] = result.saturation;
  to.divergedAt[at] = result.divergedAt;
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
    for (const name of NAMES) joined[name].set(batch[name], at);
    at += batch.trial.length;
  }
  return joined;
}

/** Result by result, for where there are few. */
export function rowsOf(batch: ResultBatch): TrialResult[] {
  return Array.from(batch.trial, (trial, at) => ({
    trial,
    class: CLASSES[batch.class[at]!] ?? 'training',
    state: STATES[batch.state[at]!]!,
    score: batch.score[at]!,
    lossInitial: batch.lossInitial[at]!,
    lossFinal: batch.lossFinal[at]!,
    lossMin: batch.lossMin[at]!,
    lossMax: batch.lossMax[at]!,
    saturation: batch.saturation[at]!,
    divergedAt: batch.divergedAt[at]!,
  }));
}

/** The results of a sweep by trial index, in columns. */
export class ResultTable implements Columns {
  readonly class: Columns['class'];
  readonly state: Columns['state'];
  readonly score: Columns['score'];
  readonly lossInitial: Columns['lossInitial'];
  readonly lossFinal: Columns['lossFinal'];
  readonly lossMin: Columns['lossMin'];
  readonly lossMax: Columns['lossMax'];
  readonly saturation: Columns['saturation'];
  readonly divergedAt: Columns['divergedAt'];

  constructor(readonly trials: number) {
    const made = columns(trials);
    this.class = made.class.fill(CLASS_NUMBER.waiting);
    this.state = made.state;
    this.score = made.score;
    this.lossInitial = made.lossInitial;
    this.lossFinal = made.lossFinal;
    this.lossMin = made.lossMin;
    this.lossMax = made.lossMax;
    this.saturation = made.saturation;
    this.divergedAt = made.divergedAt.fill(-1);
  }

  set(result: TrialResult): void {
    put(this, result.trial, result);
  }

  /** Enters every result of a batch; where a trial comes twice, the later one counts. */
  enter(batch: ResultBatch): void {
    for (const name of NAMES) {
      const [from, to] = [batch[name], this[name]];
      for (let at = 0; at < batch.trial.length; at += 1) to[batch.trial[at]!] = from[at]!;
    }
  }

  copy(): ResultTable {
    const copy = new ResultTable(this.trials);
    for (const name of NAMES) copy[name].set(this[name]);
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
