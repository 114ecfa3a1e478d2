import { CLASSES, type Outcome, type TrialClass } from '../training/outcome';

/** Class numbers of results: the classes of an outcome, then two for trials that have none yet. */
export const CLASS_NUMBER = { converged: 0, stalled: 1, diverged: 2, training: 3, waiting: 4 } as const;

/** How one trial stands: its outcome, or while it trains the same fields of the losses so far. */
export interface TrialResult extends Omit<Outcome, 'class'> {
  trial: number;
  class: TrialClass | 'training';
}

interface Columns {
  readonly class: Uint8Array<ArrayBuffer>;
  readonly score: Float64Array<ArrayBuffer>;
  readonly lossInitial: Float64Array<ArrayBuffer>;
  readonly lossFinal: Float64Array<ArrayBuffer>;
  readonly lossMin: Float64Array<ArrayBuffer>;
  readonly divergedAt: Int32Array<ArrayBuffer>;
}

/** Results of some trials in columns: a million of them are a few arrays, cheap to hand from one thread to another. */
export interface ResultBatch extends Columns {
  readonly trial: Uint32Array<ArrayBuffer>;
}

function columns(length: number): Columns {
  return {
    class: new Uint8Array(length),
    score: new Float64Array(length),
    lossInitial: new Float64Array(length),
    lossFinal: new Float64Array(length),
    lossMin: new Float64Array(length),
    divergedAt: new Int32Array(length),
  };
}

/** A batch with room for `length` results. */
export function emptyBatch(length: number): ResultBatch {
  return { trial: new Uint32Array(length), ...columns(length) };
}

function put(to: Columns, at: number, result: Omit<TrialResult, 'trial'>): void {
  to.class[at] = CLASS_NUMBER[result.class];
  to.score[at] = result.score;
  to.lossInitial[at] = result.lossInitial;
  to.lossFinal[at] = result.lossFinal;
  to.lossMin[at] = result.lossMin;
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
    joined.class.set(batch.class, at);
    joined.score.set(batch.score, at);
    joined.lossInitial.set(batch.lossInitial, at);
    joined.lossFinal.set(batch.lossFinal, at);
    joined.lossMin.set(batch.lossMin, at);
    joined.divergedAt.set(batch.divergedAt, at);
    at += batch.trial.length;
  }
  return joined;
}

/** Result by result, for where there are few. */
export function rowsOf(batch: ResultBatch): TrialResult[] {
  return Array.from(batch.trial, (trial, at) => ({
    trial,
    class: CLASSES[batch.class[at]!] ?? 'training',
    score: batch.score[at]!,
    lossInitial: batch.lossInitial[at]!,
    lossFinal: batch.lossFinal[at]!,
    lossMin: batch.lossMin[at]!,
    divergedAt: batch.divergedAt[at]!,
  }));
}

/** The results of a sweep by trial index, in columns. */
export class ResultTable implements Columns {
  readonly class: Uint8Array<ArrayBuffer>;
  readonly score: Float64Array<ArrayBuffer>;
  readonly lossInitial: Float64Array<ArrayBuffer>;
  readonly lossFinal: Float64Array<ArrayBuffer>;
  readonly lossMin: Float64Array<ArrayBuffer>;
  readonly divergedAt: Int32Array<ArrayBuffer>;

  constructor(readonly trials: number) {
    const { class: classes, score, lossInitial, lossFinal, lossMin, divergedAt } = columns(trials);
    this.class = classes.fill(CLASS_NUMBER.waiting);
    this.score = score;
    this.lossInitial = lossInitial;
    this.lossFinal = lossFinal;
    this.lossMin = lossMin;
    this.divergedAt = divergedAt.fill(-1);
  }

  set(result: TrialResult): void {
    put(this, result.trial, result);
  }

  /** Enters every result of a batch; where a trial comes twice, the later one counts. */
  enter(batch: ResultBatch): void {
    for (let at = 0; at < batch.trial.length; at += 1) {
      const trial = batch.trial[at]!;
      this.class[trial] = batch.class[at]!;
      this.score[trial] = batch.score[at]!;
      this.lossInitial[trial] = batch.lossInitial[at]!;
      this.lossFinal[trial] = batch.lossFinal[at]!;
      this.lossMin[trial] = batch.lossMin[at]!;
      this.divergedAt[trial] = batch.divergedAt[at]!;
    }
  }

  /** Whether the trial's outcome is known. */
  isFinished(trial: number): boolean {
    return this.class[trial]! < CLASSES.length;
  }

  classOf(trial: number): TrialClass | undefined {
    return CLASSES[this.class[trial]!];
  }
}
