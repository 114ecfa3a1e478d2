import type { Total } from './trials';

export interface Progress {
  trials: number;
  finished: number;
  /** Share of the work done, by training steps, and by trials where measuring takes its time; what a diverged trial need not train counts as done. */
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
  /** What had been trained when, in seconds without those of measuring, each time a little later. */
  private marks = [{ elapsed: 0, trained: 0 }];
  /** Measurements under way; seconds in which there were some, up to `measuredSince`; and trials that were measured. */
  private measurements = 0;
  private measuring = 0;
  private measuredSince = 0;
  private measuredTrials = 0;

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

  /**
   * Takes notice that trials are measured, beside their training.
   * @returns is told of how many, once they are
   */
  measure(): (trials: number) => void {
    if (this.measurements === 0) this.measuredSince = this.elapsed();
    this.measurements += 1;
    return (trials) => {
      this.measuring = this.secondsOfMeasuring();
      this.measuredSince = this.elapsed();
      this.measurements -= 1;
      this.measuredTrials += trials;
    };
  }

  /** Takes notice that trials under way begin anew: what they had trained says nothing of how fast the sweep comes on. */
  setBack(): void {
    this.marks = [{ elapsed: this.elapsed() - this.secondsOfMeasuring(), trained: this.trainedSteps }];
  }

  /** @param underWay all trials that have begun and not finished */
  read(underWay: Iterable<UnderWay>): Progress {
    const { marks, finished, trainedSteps: trained } = this;
    const measuring = this.secondsOfMeasuring();
    const elapsed = this.elapsed() - measuring;
    const begun = marks.findLast((mark) => mark.elapsed <= elapsed / 2) ?? marks[0]!;
    if (elapsed > MARK * marks.at(-1)!.elapsed) marks.push({ elapsed, trained });
    let [made, whole] = [0, 0];
    for (const { trials, step, steps } of underWay) {
      made += trials * step;
      whole += trials * steps;
    }
    const trainedShare = (this.finishedSteps + made) / this.total.steps;
    // Trials that wait will need the share of their steps that those before them needed. Trials under way may need all of theirs:
    // those that diverge are the first to finish.
    const begunSteps = this.finishedSteps + whole;
    const share = begunSteps > 0 ? (this.neededSteps + whole) / begunSteps : 1;
    const ahead = whole - made + share * (this.total.steps - begunSteps);
    const pace = (trained - begun.trained) / (elapsed - begun.elapsed);
    const training = trainedShare < 1 ? (pace > 0 ? ahead / pace : Infinity) : 0;
    const each = this.measuredTrials > 0 ? measuring / this.measuredTrials : 0;
    const measuringAll = each * this.total.trials;
    // Of the time that all training takes, and all measuring.
    const trainingAll = elapsed + training;
    const fraction =
      measuringAll > 0 && trainingAll < Infinity
        ? (trainedShare * trainingAll + each * finished) / (trainingAll + measuringAll)
        : trainedShare;
    return {
      trials: this.total.trials,
      finished,
      fraction,
      elapsed: elapsed + measuring,
      left: training + each * (this.total.trials - finished),
      trialSteps: trained,
    };
  }

  /** In which some trials were measured. */
  private secondsOfMeasuring(): number {
    return this.measuring + (this.measurements > 0 ? this.elapsed() - this.measuredSince : 0);
  }

  /** Seconds of running. */
  private elapsed(): number {
    return (this.ran + (this.since === undefined ? 0 : performance.now() - this.since)) / 1000;
  }
}
