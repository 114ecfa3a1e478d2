import { timeRepeats, type SamplingRules } from '../gpu/timing';
import { capacityOf, EngineFaultError, type Engine, type EngineName } from '../training/engine';
import { planOf } from '../training/planner';
import { WaveInputs } from '../training/wave_input';
import { workloadTrials, type Workload } from './workloads';

/** How fast one engine trains one workload. */
export interface EngineMeasurement {
  readonly workload: string;
  readonly engine: EngineName;
  /** Trials that were trained together. */
  readonly trials: number;
  /** Training steps of each of them in a sample. */
  readonly steps: number;
  readonly samples: number;
  /** Seconds until they could be trained, in which pipelines are compiled that the device has not yet. */
  readonly opening: number;
  /** Trial-steps a second: median, and interquartile range. */
  readonly rate: number;
  readonly spread: number;
}

/** The reference trains trial after trial, so that a few tell how fast many would be. */
export const REFERENCE_TRIALS = 4;
/** A sample of an engine has at least this many seconds, and so many times what it costs to read back and check, which must not count. */
const SHORTEST = { seconds: 0.05, readbacks: 20 };

/** Trials that are trained together, as far as they fit, and the bytes of the engine's device that they may take. */
export interface Together {
  readonly trials: number;
  readonly memory: number;
}

export async function benchEngine(
  engine: Engine,
  workload: Workload,
  { trials: asked, memory }: Together,
  rules: SamplingRules,
): Promise<EngineMeasurement> {
  const wanted = engine.name === 'reference' ? Math.min(asked, REFERENCE_TRIALS) : asked;
  const plan = planOf(workloadTrials(workload, 1)[0]!);
  const trials = Math.min(wanted, capacityOf(engine.needs(plan), memory));
  const input = new WaveInputs().of(plan, workloadTrials(workload, trials));
  const opened = performance.now();
  let wave = await engine.open(input);
  const opening = (performance.now() - opened) / 1000;
  let together = Infinity;
  const timed = async (steps: number): Promise<number> => {
    const start = performance.now();
    try {
      await wave.run(steps, Math.min(steps, together));
    } catch (error) {
      // Some drivers cut long dispatches, as `Ladder` knows too.
      if (!(error instanceof EngineFaultError) || error.fewerSteps === undefined) throw error;
      together = error.fewerSteps;
      wave.close();
      wave = await engine.open(input);
      return timed(steps);
    }
    return (performance.now() - start) / 1000;
  };
  try {
    await timed(0); // the first is slower
    const shortest = Math.max(SHORTEST.seconds, SHORTEST.readbacks * (await timed(0)));
    const timing = await timeRepeats(timed, { ...rules, shortest });
    const rate = trials / timing.median;
    return {
      workload: workload.id,
      engine: engine.name,
      trials,
      steps: timing.repeats,
      samples: timing.samples,
      opening,
      rate,
      spread: (rate * timing.spread) / timing.median,
    };
  } finally {
    wave.close();
  }
}
