import { CLASSES, type Outcome, type TrialClass } from '../training/outcome';

/** Class numbers of a `ResultTable`: the classes of an outcome, then two for trials that have none yet. */
export const CLASS_NUMBER = { converged: 0, stalled: 1, diverged: 2, training: 3, waiting: 4 } as const;

/** How one trial stands: its outcome, or while it trains the same fields of the losses so far. */
export interface TrialResult extends Omit<Outcome, 'class'> {
  trial: number;
  class: TrialClass | 'training';
}

/** The results of a sweep by trial index, in columns. */
export class ResultTable {
  readonly class: Uint8Array<ArrayBuffer>;
  readonly score: Float64Array<ArrayBuffer>;
  readonly lossInitial: Float64Array<ArrayBuffer>;
  readonly lossFinal: Float64Array<ArrayBuffer>;
  readonly lossMin: Float64Array<ArrayBuffer>;
  readonly divergedAt: Int32Array<ArrayBuffer>;

  constructor(readonly trials: number) {
    this.class = new Uint8Array(trials).fill(CLASS_NUMBER.waiting);
    this.score = new Float64Array(trials);
    this.lossInitial = new Float64Array(trials);
    this.lossFinal = new Float64Array(trials);
    this.lossMin = new Float64Array(trials);
    this.divergedAt = new Int32Array(trials).fill(-1);
  }

  set(result: TrialResult): void {
    const at = result.trial;
    this.class[at] = CLASS_NUMBER[result.class];
    this.score[at] = result.score;
    this.lossInitial[at] = result.lossInitial;
    this.lossFinal[at] = result.lossFinal;
    this.lossMin[at] = result.lossMin;
    this.divergedAt[at] = result.divergedAt;
  }

  /** Whether the trial's outcome is known. */
  isFinished(trial: number): boolean {
    return this.class[trial]! < CLASSES.length;
  }

  classOf(trial: number): TrialClass | undefined {
    return CLASSES[this.class[trial]!];
  }
}
