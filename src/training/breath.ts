/** Milliseconds after which work lets others have the thread. */
const BREATH = 12;

/** Long work on a thread that others share, which stops for breath now and then. */
export class Breath {
  private last = 0;

  /** Whether the thread has been taken long enough. */
  get isDue(): boolean {
    return performance.now() - this.last > BREATH;
  }

  /** Lets others have the thread. */
  async take(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve));
    this.last = performance.now();
  }
}
