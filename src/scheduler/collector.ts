import { EngineFaultError, type Wave } from '../training/engine';
import { isConsistent, isDecided, judge } from '../training/outcome';
import type { TrialStates } from '../training/states';
import type { Progress, ProgressMeter } from './progress';
import { finishedBatch, trainingBatch, type ResultBatch } from './results';
import { traceOf, type Trace } from './trace';
import type { Slots, WaveWork } from './wave_work';

export interface SweepListener {
  /** Outcomes of trials, each told once. */
  results(outcomes: ResultBatch): void;
  /**
   * How the trials of a wave that still train stand, after every slice.
   * @param wave the same object for the same wave; what was said of it before no longer counts
   * @param batch makes the batch, for whoever wants it
   */
  standing?(wave: object, batch: () => ResultBatch): void;
  progress?(progress: Progress): void;
  /** A finished trial's history, when tracing. */
  trace?(trial: number, trace: Trace): void;
  /** Something was wrong, in words, and the same trials are trained once more in the same way. */
  fault?(words: string): void;
}

/** Collects what comes of waves, and tells it. */
export class Collector {
  constructor(
    private readonly meter: ProgressMeter,
    private readonly listener: SweepListener,
    private readonly tracing: boolean,
  ) {}

  /**
   * Judges trials that have come to their end and tells their outcomes, and their traces when tracing; they leave `work.kept`.
   * @param over slots of these trials
   * @throws EngineFaultError where a trial's losses contradict its state; EngineLostError
   */
  async finish(wave: Wave, work: WaveWork, states: TrialStates, over: Slots): Promise<void> {
    const { plan, trials, rules, input } = work;
    const stopped = (slot: number) => isDecided(rules[slot]!, states, slot);
    // Everything is read before anything is told: an engine that is lost in between leaves no trial half finished.
    const histories = await wave.read('history');
    const norms = this.tracing ? await wave.read('norms') : undefined;
    const measured = await work.measured?.of(wave, over, stopped);
    const history = (slot: number) => histories.subarray(slot * plan.ring, (slot + 1) * plan.ring);
    const outcomes = Array.from(over, (slot) => {
      if (!isConsistent(states, slot, history(slot)))
        throw new EngineFaultError('the losses of a trial are not those of which it was told');
      const bestConstant = input.trials[slot]!.settings[plan.settings.bestConstant]!;
      const judged = judge(rules[slot]!, plan, bestConstant, states, slot, history(slot));
      return measured ? { ...judged, measured: measured(slot) } : judged;
    });
    const finished = finishedBatch(trialsAt(work, over), outcomes, states);
    work.kept = without(work.kept, over);
    this.meter.finish(over.length, plan.steps, work.step);
    this.listener.results(finished);
    if (!norms) return;
    const row = plan.ring * plan.layers.length * 2;
    for (const slot of over)
      this.listener.trace?.(
        trials[slot]!,
        traceOf(plan, states.recorded[slot]!, history(slot), norms.subarray(slot * row, (slot + 1) * row)),
      );
  }

  /** Tells how the trials of a wave stand that still train, and how far the sweep has come. */
  stand(work: WaveWork, states: TrialStates, underWay: Iterable<WaveWork>): void {
    const { kept } = work;
    this.listener.standing?.(work, () => trainingBatch(trialsAt(work, kept), kept, states, work.plan.steps));
    const counts = Array.from(underWay, ({ kept, step, plan }) => ({
      trials: kept.length,
      step,
      steps: plan.steps,
    }));
    this.listener.progress?.(this.meter.read(counts));
  }
}

/** `slots` but for some of them. */
function without(slots: Slots, removed: Slots): Slots {
  let next = 0;
  return slots.filter((slot) => {
    if (slot !== removed[next]) return true;
    next += 1;
    return false;
  });
}

function trialsAt({ trials }: WaveWork, slots: Slots): Uint32Array {
  return slots.map((slot) => trials[slot]!);
}
