import type { Experiment } from '../../experiment/types';
import type { Lab } from '../../service/lab';
import { replaySteps } from '../../service/replay';
import { wordsOf } from '../../service/words_of';
import { TrialSource } from '../../scheduler/trial_source';
import type { SharpnessHistory } from '../../view/sharpness_words';
import type { Run } from './run';

/** Kept at the most: those of the latest requests. */
const KEPT = 32;
const NOTHING: SharpnessHistory = { steps: [], values: [], errors: [] };

/** The sharpness along training of trials of the present run, when someone asked; `change` follows every change. */
export class Sharpnesses extends EventTarget {
  /** By trial, as far as it has come. */
  known: ReadonlyMap<number, SharpnessHistory> = new Map();
  /** Those that were asked for last and are not whole. */
  waiting: ReadonlySet<number> = new Set();
  /** Why they cannot be measured, in words. */
  failure = '';
  private asking: AbortController | undefined;

  constructor(
    private readonly sweep: { readonly run: Run | undefined },
    private readonly lab: Pick<Lab, 'measure'>,
  ) {
    super();
  }

  /** Forgets what is known of another run. */
  begin(): void {
    this.asking?.abort();
    this.known = new Map();
    this.waiting = new Set();
    this.failure = '';
  }

  /** Measures those of some trials that are not known; what was asked for before is no longer wanted. */
  async ask(trials: readonly number[]): Promise<void> {
    const { run } = this.sweep;
    if (!run) return;
    this.asking?.abort();
    const unfinished = this.waiting;
    const missing = trials.filter((trial) => !this.known.has(trial) || unfinished.has(trial));
    const asking = new AbortController();
    this.asking = asking;
    this.failure = '';
    this.put(missing, new Set(missing));
    try {
      await this.lab.measure(
        'sharpness_along',
        { documents: missing.map((trial) => shortened(run.experiment, trial)) },
        {
          engine: 'float64',
          began: () => this.put(missing, this.waiting),
          tell: ({ document, step, value, error }) => {
            const trial = missing[document]!;
            const { steps, values, errors } = this.known.get(trial) ?? NOTHING;
            this.keep(trial, {
              steps: [...steps, step],
              values: [...values, value],
              errors: [...errors, error],
            });
          },
          signal: asking.signal,
        },
      );
    } catch (error) {
      this.failure = wordsOf(error);
    }
    if (this.asking !== asking || asking.signal.aborted) return;
    this.waiting = new Set();
    this.changed();
  }

  /** Nothing is known yet of what is asked for. */
  private put(trials: readonly number[], waiting: ReadonlySet<number>): void {
    this.known = new Map([...this.known].filter(([trial]) => !trials.includes(trial)));
    this.waiting = waiting;
    this.changed();
  }

  private keep(trial: number, history: SharpnessHistory): void {
    const others = [...this.known].filter(([other]) => other !== trial);
    this.known = new Map([...others.slice(1 - KEPT), [trial, history]]);
    this.changed();
  }

  private changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

/** A trial with as many of its steps as a person waits for. */
function shortened(experiment: Experiment, trial: number) {
  const document = new TrialSource(experiment).document(trial);
  return { ...document, optimizer: { ...document.optimizer, steps: replaySteps(document) } };
}
