import { joinBatches, type ResultBatch } from '../scheduler/results';
import type { Progress, SweepListener } from '../scheduler/sweep';

/** Milliseconds between two batches: as often as a person sees. */
const BETWEEN = 80;

/** Gathers what a sweep tells after each slice, and sends it on from time to time. */
export class ResultBatches {
  private outcomes: ResultBatch[] = [];
  /** The latest of each wave, which is made only when it is sent. */
  private readonly waves = new Map<object, () => ResultBatch>();
  private latest: Progress | undefined;
  private sent = 0;

  constructor(private readonly send: (batch: ResultBatch, progress: Progress | undefined) => void) {}

  /** What is to hear the sweep. */
  readonly listener: SweepListener = {
    results: (batch) => this.outcomes.push(batch),
    standing: (wave, batch) => this.waves.set(wave, batch),
    progress: (progress) => {
      this.latest = progress;
      if (performance.now() - this.sent > BETWEEN) this.flush();
    },
  };

  /** Sends on what there is. */
  flush(): void {
    this.sent = performance.now();
    // Outcomes last: they count, should a wave's standing be older.
    const batch = joinBatches([...Array.from(this.waves.values(), (make) => make()), ...this.outcomes]);
    this.waves.clear();
    this.outcomes = [];
    this.send(batch, this.latest);
  }
}
