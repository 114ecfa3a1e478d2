import { serializeExperiment } from '../../experiment/url';
import { DamageError } from '../../scheduler/column_codec';
import { finishedOf } from '../../scheduler/results';
import type { BrowserStore } from '../../service/browser_store';
import { KeptSweeps, TooLargeError } from '../../service/kept_sweeps';
import { sweepAddress } from '../../service/result_address';
import { formatCount } from '../../view/number_format';
import type { Run } from '../map/run';
import type { SweepState } from '../map/sweep_state';

/** Milliseconds in which outcomes are gathered before they are written. */
const BETWEEN = 500;

/** The run that is kept: where, and of which trials outcomes have been written. */
interface Place {
  readonly run: Run;
  /** By what, and the address that it has with that. */
  readonly made: string;
  readonly address: string;
  readonly written: Uint8Array;
}

/**
 * Keeps the page's sweep in the browser while it trains, and takes over what was kept of it when it begins, so that a sweep that was
 * interrupted goes on where it was. Without a store it keeps nothing. `change` follows every change.
 */
export class Keeping extends EventTarget {
  /** What was taken over, or could not be, in words; nothing where nothing was kept of this sweep. */
  words: string | undefined;
  /** Why nothing more is kept, in words. */
  problem: string | undefined;
  /** What is kept of all sweeps; nothing before that is known. */
  size: { readonly sweeps: number; readonly bytes: number } | undefined;
  private sweeps: KeptSweeps | undefined;
  private place: Place | undefined;
  /** A person wants the next run to owe nothing to what was kept. */
  private isAnew = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Work on the store, one after the other. */
  private queue: Promise<void> = Promise.resolve();

  /** @param store where sweeps are kept, once it is open; nothing where there is none */
  constructor(
    private readonly sweep: Pick<
      SweepState,
      'run' | 'compute' | 'holdUntil' | 'takeOver' | 'addEventListener'
    >,
    store: Promise<BrowserStore | undefined>,
  ) {
    super();
    sweep.addEventListener('restart', () => (this.isAnew = true));
    sweep.addEventListener('begin', () => this.begin());
    sweep.addEventListener('outcomes', () => this.writeSoon());
    sweep.addEventListener('change', () => this.follow());
    this.enqueue(async () => {
      const opened = await store;
      this.sweeps = opened && new KeptSweeps(opened);
      await this.measure();
    });
    this.follow();
  }

  /** When all that has been asked of the store has ended. */
  get settled(): Promise<void> {
    return this.queue;
  }

  /** Forgets all sweeps, also what is shown, which is kept again from the next outcome on. */
  forget(): void {
    const { place } = this;
    this.words = this.problem = undefined;
    this.enqueue(async () => {
      await this.sweeps?.forgetAll();
      await this.measure();
    });
    // What is known is not written again: a person wants it gone.
    place?.written.fill(1);
  }

  /** Writes at once what has not been written. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { place } = this;
    if (!place || this.problem !== undefined) return;
    const { run, address, written } = place;
    const outcomes = finishedOf(run.results.table, (trial) => written[trial] === 0);
    if (outcomes.trial.length === 0) return;
    for (const trial of outcomes.trial) written[trial] = 1;
    this.enqueue(async () => {
      await this.sweeps?.add(address, serializeExperiment(run.experiment), outcomes);
      await this.measure();
    });
  }

  /** Another run, which has its place once it is known what trains it: the next change says so. */
  private begin(): void {
    this.flush();
    this.place = undefined;
    this.words = this.problem = undefined;
  }

  /** Finds the place of the present run, and another one when something else has come to train it. */
  private follow(): void {
    const { run, compute } = this.sweep;
    if (!run || !compute) return;
    if (run.precision === 'float64' && compute.engine !== 'reference') return; // who trains it has not told yet
    const { place } = this;
    const made = `${compute.engine} ${compute.adapter} ${run.manner}`;
    if (place?.made === made && place.run.experiment === run.experiment) return;
    const address = sweepAddress(run.experiment, { ...compute, manner: run.manner });
    if (place?.address === address) {
      this.place = { ...place, run, made };
      return;
    }
    this.flush(); // what trained before has its own place
    const written = place?.written ?? new Uint8Array(run.results.table.trials);
    this.place = { run, made, address, written };
    this.look();
  }

  /** Takes over what was kept of the present run. */
  private look(): void {
    const { place, isAnew } = this;
    this.isAnew = false;
    if (!place) return;
    const { address, run, written } = place;
    const { trials } = run.results.grid;
    this.enqueue(async () => {
      if (isAnew) {
        await this.sweeps?.forget(address);
        return;
      }
      const kept = await this.sweeps?.outcomes(address, trials);
      if (!kept || this.place?.address !== address) return;
      const { table } = run.results;
      const isNews = kept.trial.some((trial) => !table.isFinished(trial));
      for (const trial of kept.trial) written[trial] = 1;
      if (!isNews) return;
      const known = new Set(kept.trial).size;
      this.words = `Taken up where it was left: ${formatCount(known)} of ${formatCount(trials)} trials`;
      this.sweep.takeOver(kept);
    });
    // Else what is kept would be trained once more before it has been read.
    this.sweep.holdUntil(this.queue);
  }

  private writeSoon(): void {
    this.timer ??= setTimeout(() => this.flush(), BETWEEN);
  }

  private async measure(): Promise<void> {
    this.size = await this.sweeps?.size();
  }

  /** What goes wrong with the store is told, and costs no outcome. */
  private enqueue(work: () => Promise<void>): void {
    this.queue = this.queue.then(work).catch((error: unknown) => {
      if (error instanceof DamageError)
        this.words = `What was kept of this sweep was damaged (${error.message}): it is trained anew`;
      else if (error instanceof TooLargeError)
        this.problem = 'This sweep is too large to be kept in the browser';
      else
        this.problem = `This browser keeps no more of the sweep: ${error instanceof Error ? error.message : String(error)}`;
    });
    this.queue = this.queue.then(() => void this.dispatchEvent(new Event('change')));
  }
}
