import type { TrialDocument } from '../experiment/types';
import { planKey } from '../training/plan';

/** What a sweep trains: trials, each of which has an index. */
export interface Trials {
  document(trial: number): TrialDocument;
  /**
   * The index of a trial with the same plan, and the same index for as many trials as possible: only the documents of those that
   * are named here are made to find out which trials may train together.
   */
  samePlan(trial: number): number;
  /** Training steps of a trial. */
  steps(trial: number): number;
  readonly total: Total;
  /** Every trial once, made as it is asked for, level by level in the order of training; those of a level may train together. */
  levels(): Iterable<Iterable<number>>;
}

/** How many trials there are, and the training steps of all of them. */
export interface Total {
  readonly trials: number;
  readonly steps: number;
}

/** Some of the trials of `whole`. */
export class Subset implements Trials {
  constructor(
    private readonly whole: Trials,
    readonly levels: Trials['levels'],
    readonly total = totalOf(whole, levels()),
  ) {}

  document(trial: number): TrialDocument {
    return this.whole.document(trial);
  }

  samePlan(trial: number): number {
    return this.whole.samePlan(trial);
  }

  steps(trial: number): number {
    return this.whole.steps(trial);
  }
}

/** Those trials of which `has` says so, in the order of `whole`. Without a `total` they are counted, by asking of each. */
export function someOf(whole: Trials, has: (trial: number) => boolean, total?: Total): Trials {
  function* of(level: Iterable<number>) {
    for (const trial of level) if (has(trial)) yield trial;
  }
  function* levels() {
    for (const level of whole.levels()) yield of(level);
  }
  return new Subset(whole, levels, total);
}

/**
 * All trials but those that are `done`, of which each is named once.
 * @param rowOf a trial's row in a table of them all
 */
export function allBut(whole: Trials, done: Uint32Array, rowOf = (trial: number) => trial): Trials {
  if (done.length === 0) return whole;
  const isDone = new Uint8Array(done.reduce((most, trial) => Math.max(most, rowOf(trial)), 0) + 1);
  for (const trial of done) isDone[rowOf(trial)] = 1;
  const { trials, steps } = totalOf(whole, [done]);
  const left = { trials: whole.total.trials - trials, steps: whole.total.steps - steps };
  return someOf(whole, (trial) => isDone[rowOf(trial)] !== 1, left);
}

/** The trials that are named, in that order. */
export function named(whole: Trials, trials: readonly number[]): Trials {
  return new Subset(whole, () => [trials]);
}

/** Documents, to be trained in their order. */
export class ListedTrials implements Trials {
  readonly total: Total;
  private readonly same: Uint32Array;

  constructor(private readonly documents: readonly TrialDocument[]) {
    const first = new Map<string, number>();
    this.same = Uint32Array.from(documents, (document, trial) => {
      const key = planKey(document);
      const same = first.get(key) ?? trial;
      first.set(key, same);
      return same;
    });
    this.total = totalOf(this, this.levels());
  }

  document(trial: number): TrialDocument {
    return this.documents[trial]!;
  }

  samePlan(trial: number): number {
    return this.same[trial]!;
  }

  steps(trial: number): number {
    return this.document(trial).optimizer.steps;
  }

  levels(): Iterable<Iterable<number>> {
    return [this.documents.keys()];
  }
}

/** Of the trials in `levels`. */
export function totalOf(of: Pick<Trials, 'steps'>, levels: Iterable<Iterable<number>>): Total {
  let [trials, steps] = [0, 0];
  for (const level of levels)
    for (const trial of level) {
      trials += 1;
      steps += of.steps(trial);
    }
  return { trials, steps };
}
