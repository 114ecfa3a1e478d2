import type { Progress } from '../scheduler/sweep';
import { formatSeconds } from '../view/number_format';
import { speedWords, trialsWords } from '../view/progress_words';
import type { CommandIo } from './command';

const REDRAW_MILLISECONDS = 100;

/** One line on a terminal, written over again and again; silent where there is no terminal. */
export class ProgressLine {
  private drawn = -Infinity;
  private what = '';

  constructor(private readonly stderr: CommandIo['stderr']) {}

  /** @param what the work that is progressing */
  show(what: string, progress: Progress): void {
    const now = performance.now();
    if (!this.stderr.isTTY || (what === this.what && now - this.drawn < REDRAW_MILLISECONDS)) return;
    this.drawn = now;
    this.what = what;
    this.stderr.write(`\r${what} ${progressText(progress)}\u001b[K`);
  }

  clear(): void {
    if (this.what) this.stderr.write('\r\u001b[K');
    this.what = '';
  }
}

/** The progress of a whole of which some trials were finished before. */
export function withKept(progress: Progress, kept: number): Progress {
  const trials = progress.trials + kept;
  return {
    ...progress,
    trials,
    finished: progress.finished + kept,
    fraction: trials === 0 ? 1 : (progress.fraction * progress.trials + kept) / trials,
  };
}

/** Share, trials, speed and time left. */
export function progressText(progress: Progress): string {
  return [
    `${Math.floor(100 * progress.fraction)} %`,
    trialsWords(progress),
    speedWords(progress),
    `${formatSeconds(progress.left)} left`,
  ].join(' · ');
}
