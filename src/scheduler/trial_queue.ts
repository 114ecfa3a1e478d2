import type { Kind } from './trial_plans';
import type { Trials } from './trials';

/** Trials of one plan that wait to be trained, in their order. */
export interface Group {
  readonly kind: Kind;
  readonly trials: number[];
}

/** How many trials may wait at once: to find many of one plan, those of other plans are passed, and kept. */
const MOST_WAITING = 2 ** 20;

/**
 * Trials that wait to be trained: the levels in their order, and within a level the plans turn by turn. Only trials that a wave has
 * asked for, and those that were passed on the way to them, are ever listed.
 */
export class TrialQueue {
  private readonly levels: Iterator<Iterable<number>>;
  /** What has not been looked at of the present level. */
  private level: Iterator<number> = [][Symbol.iterator]();
  /** What has been looked at of the present level and not taken, by plan; whose turn is next comes first. */
  private readonly groups = new Map<Kind, Group>();
  /** How many trials `groups` has. */
  private waiting = 0;
  /** Trials that were taken and not finished, which come before all others. */
  private readonly returned: Group[] = [];

  constructor(
    trials: Pick<Trials, 'levels'>,
    private readonly kindOf: (trial: number) => Kind,
  ) {
    this.levels = trials.levels()[Symbol.iterator]();
  }

  /** The group whose turn it is, of which one trial at least waits; nothing when no trial does. */
  next(): Group | undefined {
    const [returned] = this.returned;
    if (returned) return returned;
    while (this.waiting === 0 && !this.look()) {
      const level = this.levels.next();
      if (level.done) return undefined;
      this.level = level.value[Symbol.iterator]();
    }
    const [group] = this.groups.values();
    return group;
  }

  /** The first trials of the group whose turn it is: `count`, or as many as its level has. */
  first(group: Group, count: number): readonly number[] {
    const { trials } = group;
    if (group !== this.returned[0])
      while (trials.length < count && this.waiting < MOST_WAITING && this.look());
    return trials.slice(0, count);
  }

  /** Takes the first `count` trials of the group whose turn it is; after that it is another group's turn. */
  take(group: Group, count: number): Uint32Array {
    const taken = Uint32Array.from(group.trials.splice(0, count));
    const isLeft = group.trials.length > 0;
    if (group === this.returned[0]) {
      this.returned.shift();
      if (isLeft) this.returned.push(group);
    } else {
      this.waiting -= count;
      this.groups.delete(group.kind);
      if (isLeft) this.groups.set(group.kind, group);
    }
    return taken;
  }

  /** Trials that were taken wait again. */
  putBack(kind: Kind, trials: Iterable<number>): void {
    const group = { kind, trials: Array.from(trials) };
    if (group.trials.length > 0) this.returned.unshift(group);
  }

  /** Looks at one more trial of the present level, if it has one. */
  private look(): boolean {
    const { done, value: trial } = this.level.next();
    if (done) return false;
    const kind = this.kindOf(trial);
    const group = this.groups.get(kind);
    if (group) group.trials.push(trial);
    else this.groups.set(kind, { kind, trials: [trial] });
    this.waiting += 1;
    return true;
  }
}
