/** Memory that several share: whoever finds no room waits until others have given some back. */
export class Room {
  private inUse = 0;
  private readonly waiting: (() => void)[] = [];

  /** @param bytes that all together may take; may be changed, and counts for those who take from then on */
  constructor(public bytes: number) {}

  /** Waits until so many bytes are free, and takes them. Who is alone never waits, however much it takes. */
  async take(bytes: number): Promise<void> {
    while (this.inUse > 0 && this.inUse + bytes > this.bytes)
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.inUse += bytes;
  }

  giveBack(bytes: number): void {
    this.inUse -= bytes;
    for (const wake of this.waiting.splice(0)) wake();
  }
}
