import { DeviceFaultError } from './errors';

const FILTERS = ['out-of-memory', 'validation', 'internal'] as const satisfies readonly GPUErrorFilter[];

/** What a device says is wrong. It says so later than the call that was at fault, and goes on as if nothing were. */
export class DeviceErrors {
  private found: DeviceFaultError | undefined;
  private readonly pending = new Set<Promise<void>>();

  constructor(private readonly device: GPUDevice) {
    device.addEventListener('uncapturederror', (event) => {
      event.preventDefault(); // it is told by `check`
      this.note(event.error);
    });
  }

  /** Does `work`, which must not wait for anything, so that what is wrong with it is known by the next `check`. */
  watch<Result>(work: () => Result): Result {
    for (const filter of FILTERS) this.device.pushErrorScope(filter);
    try {
      return work();
    } finally {
      for (let popped = 0; popped < FILTERS.length; popped += 1) this.await(this.device.popErrorScope());
    }
  }

  /**
   * Waits until all is known of what was watched.
   * @throws DeviceFaultError for what was found since the last time
   */
  async check(): Promise<void> {
    await Promise.all(this.pending);
    const { found } = this;
    this.found = undefined;
    if (found) throw found;
  }

  private await(popped: Promise<GPUError | null>): void {
    const told: Promise<void> = popped
      .then(
        (error) => error && this.note(error),
        () => undefined, // the device is lost, which others say better
      )
      .then(() => void this.pending.delete(told));
    this.pending.add(told);
  }

  /** The first counts, for the others follow from it; but want of memory may be told after what followed from it. */
  private note({ message, constructor: { name } }: GPUError): void {
    const error = new DeviceFaultError(message, name === 'GPUOutOfMemoryError');
    if (!this.found || (error.outOfMemory && !this.found.outOfMemory)) this.found = error;
  }
}
