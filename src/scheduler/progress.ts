import type { Total } from './trials';

export interface Progress {
  trials: number;
  finished: number;
  /** Share of the work done, by training steps; what a diverged trial need not train counts as done. */
  fraction: number;
  /** Seconds of running so far, and the seconds that the rest should take at the pace of the latter half of them. */
  elapsed: number;
  left: number;
  /** Steps that were really trained, over all trials. */
  trialSteps: number;
}

/** Trials under way: how many, how many steps each has made, and how many it has to make. */
export interface UnderWay {
  readonly trials: number;
  readonly step: number;
  readonly steps: number;
}

/** How much later each mark is than the one before. */
const MARK = 1.05;

/** Counts what a sweep has done, and from it forecasts when the sweep will be over. */
export class ProgressMeter {
  finished = 0;
  /** Steps of finished trials, with those that they need not train. */
  private finishedSteps = 0;
  /** Steps of finished trials, without those. */
  private neededSteps = 0;
  private trainedSteps = 0;
  /** Milliseconds of running up to `since`, which is undefined while nothing runs. */
  private ran = 0;
  private since: number | undefined;
  /** What had been trained when, each time a little later. */
  private marks = [{ elapsed: 0, trained: 0 }];

  constructor(private readonly total: Total) {}

  /** Time counts from now on. */
  start(): void {
    this.since = performance.now();
  }

  pause(): void {
    if (this.since !== undefined) this.ran += performance.now() - this.since;
    this.since = undefined;
  }

  /** Takes notice that so many steps were trained, over all trials. */
  trained(trialSteps: number): void {
    this.trainedSteps += trialSteps;
  }

  /** Takes notice that trials of `steps` have finished, for which `needed` of them sufficed. */
  finish(trials: number, steps: number, needed: number): void {
    this.finished += trials;
    this.finishedSteps += trials * steps;
    this.neededSteps += trials * needed;
  }

  /** Takes notice that trials under way begin anew: what they had trained says nothing of how fast the sweep comes on. */
  setBack(): void {
    this.marks = [{ elapsed: this.elapsed(), trained: this.trainedSteps }];
  }

  /** @param underWay all trials that have begun and not finished */
  read(underWay: Iterable<UnderWay>): Progress {
    const { marks, finished, trainedSteps: trained } = this;
    const elapsed = this.elapsed();
    const begun = marks.findLast((mark) => mark.elapsed <= elapsed / 2) ?? marks[0]!;
    if (elapsed > MARK * marks.at(-1)!.elapsed) marks.push({ elapsed, trained });
    let [made, whole] = [0, 0];
    for (const { trials, step, steps } of underWay) {
      made += trials * step;
      whole += trials * steps;
    }
    const fraction = (this.finishedSteps + made) / this.total.steps;
    // Trials that wait will need the share of their steps that those before them needed. Trials under way may need all of theirs:
    // those that diverge are the first to finish.
    const begunSteps = this.finishedSteps + whole;
    const share = begunSteps > 0 ? (this.neededSteps + whole) / begunSteps : 1;
    const ahead = whole - made + share * (this.total.steps - begunSteps);
    const pace = (trained - begun.trained) / (elapsed - begun.elapsed);
    return {
      trials: this.total.trials,
      finished,
      fraction,
      elapsed,
      left: fraction < 1 ? (pace > 0 ? ahead / pace : Infinity) : 0,
      trialSteps: trained,
    };
  }

  /** Seconds of running. */
  private elapsed(): number {
    return (this.ran + (this.since === undefined ? 0 : performance.now() - this.since)) / 1000;
  }
}
