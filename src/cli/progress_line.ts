import type { Progress } from '../scheduler/sweep';
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
export function progressText({ trials, finished, fraction, elapsed, left, trialSteps }: Progress): string {
  const rate = elapsed > 0 ? (trialSteps / elapsed).toLocaleString('en', { notation: 'compact' }) : '0';
  return [
    `${Math.floor(100 * fraction)} %`,
    `${finished} of ${trials} trials`,
    `${rate} trial-steps/s`,
    `${duration(left)} left`,
  ].join(' · ');
}

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
