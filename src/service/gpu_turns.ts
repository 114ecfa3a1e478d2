/**
 * Who comes before whom, the last first:
 * - sweep: trains in the background whenever nobody else wants the GPU;
 * - play: all trials together, step by step, as long as a person looks at that; the sweep is held meanwhile;
 * - measure: what a person waits for, a few trials long;
 * - benchmark: its figures are those of a GPU that does nothing else, so that all others are held and it is held for none.
 */
const ORDER = ['sweep', 'play', 'measure', 'benchmark'] as const;
export type GpuUse = (typeof ORDER)[number];

export interface GpuUser {
  readonly use: GpuUse;
  /** It is its turn: it may begin, or go on. */
  go(): void;
  /** It is another's turn: it is to submit nothing until `go`. */
  hold(): void;
}

/** Whose turn the GPU is: the foremost user has it for itself; of two with the same use, the one that came first. */
export class GpuTurns {
  /** The foremost first. */
  private users: readonly GpuUser[] = [];

  /** From now on `user` takes its turns; where it is the foremost at once, before this returns. */
  enter(user: GpuUser): void {
    const rank = ({ use }: GpuUser) => ORDER.indexOf(use);
    this.change([...this.users, user].toSorted((a, b) => rank(b) - rank(a)));
  }

  /** Whoever has ended what it does leaves; to leave twice does nothing. */
  leave(user: GpuUser): void {
    this.change(this.users.filter((other) => other !== user));
  }

  private change(users: readonly GpuUser[]): void {
    const [before, now] = [this.users[0], users[0]];
    this.users = users;
    if (before === now) return;
    if (before && users.includes(before)) before.hold();
    now?.go();
  }
}
