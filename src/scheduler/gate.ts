/** What work passes before each of its parts: while it is shut the next part waits. */
export class Gate {
  private shut: Promise<void> | undefined;
  private release: (() => void) | undefined;

  get isShut(): boolean {
    return this.shut !== undefined;
  }

  close(): void {
    this.shut ??= new Promise((resolve) => {
      this.release = resolve;
    });
  }

  open(): void {
    this.shut = undefined;
    this.release?.();
  }

  /** Waits until it is opened; by then it may have been shut again. */
  async opened(): Promise<void> {
    await this.shut;
  }
}
