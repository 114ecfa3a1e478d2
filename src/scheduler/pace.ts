/** What a slice is meant to last, and never to exceed by choice; milliseconds. */
const TARGET = 40;
const LONGEST = 50;

/**
 * How many steps to submit at once: from one upwards, at most doubling, halved when a slice lasted too long,
 * so that neither the page's frames nor the system's GPU watchdog ever wait.
 */
export class Pace {
  private current = 1;

  /** Steps of the next slice. */
  get steps(): number {
    return this.current;
  }

  /** Takes notice that a slice of `steps` lasted `milliseconds`. */
  measured(steps: number, milliseconds: number): void {
    if (milliseconds > LONGEST) {
      this.current = Math.max(1, Math.floor(Math.min(this.current, steps) / 2));
      return;
    }
    const fitting = Math.floor((steps * TARGET) / Math.max(milliseconds, 0.1));
    this.current = Math.max(1, Math.min(fitting, 2 * this.current));
  }
}

/**
 * When work that shares one queue really ran: a slice begins when it is submitted, or when the one before it ends.
 */
export class QueueClock {
  private free = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Runs `work`; milliseconds that it had the queue for itself. */
  async time<Result>(work: () => Promise<Result>): Promise<{ result: Result; milliseconds: number }> {
    const submitted = this.now();
    const result = await work();
    const done = this.now();
    const milliseconds = done - Math.max(submitted, this.free);
    this.free = done;
    return { result, milliseconds };
  }
}
