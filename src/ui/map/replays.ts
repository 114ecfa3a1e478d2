import type { Replay } from '../../service/replay';
import type { SweepClient } from '../../service/sweep_client';

/** Kept at the most: those of the latest requests. */
const KEPT = 32;

/** What the float64 reference told of trials of the present run, when someone asked; `change` follows every change. */
export class Replays extends EventTarget {
  /** By trial. */
  known: ReadonlyMap<number, Replay> = new Map();
  /** Those that were asked for last and have not come. */
  waiting: ReadonlySet<number> = new Set();

  constructor(private readonly sweep: { readonly client: Pick<SweepClient, 'replay'> }) {
    super();
  }

  /** Forgets what is known of another run. */
  begin(): void {
    this.known = new Map();
    this.waiting = new Set();
  }

  /** Asks for those of some trials that are not known; what was asked for before is no longer wanted. */
  ask(trials: readonly number[]): void {
    const missing = trials.filter((trial) => !this.known.has(trial));
    this.waiting = new Set(missing);
    if (missing.length > 0) this.sweep.client.replay(missing);
    this.changed();
  }

  keep(trial: number, replay: Replay): void {
    this.known = new Map([...[...this.known].slice(1 - KEPT), [trial, replay]]);
    this.waiting = new Set([...this.waiting].filter((other) => other !== trial));
    this.changed();
  }

  private changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
