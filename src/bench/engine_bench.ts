import { timeRepeats, type SamplingRules } from '../gpu/timing';
import { capacityOf, type Engine, type EngineName } from '../training/engine';
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
  /** Trial-steps a second: median, and interquartile range. */
  readonly rate: number;
  readonly spread: number;
}

const BYTES = 2 ** 28;
/** The reference trains trial after trial, so that a few tell how fast many would be. */
export const REFERENCE_TRIALS = 4;
/** A sample of an engine has at least this many seconds, and so many times what it costs to read back and check, which must not count. */
const SHORTEST = { seconds: 0.05, readbacks: 20 };

export async function benchEngine(
  engine: Engine,
  workload: Workload,
  trials: number,
  rules: SamplingRules,
): Promise<EngineMeasurement> {
  const wanted = engine.name === 'reference' ? Math.min(trials, REFERENCE_TRIALS) : trials;
  const documents = workloadTrials(workload, wanted);
  const plan = planOf(documents[0]!);
  const fitting = documents.slice(0, capacityOf(engine.needs(plan), BYTES));
  const wave = await engine.open(new WaveInputs().of(plan, fitting));
  const timed = async (steps: number) => {
    const start = performance.now();
    await wave.run(steps);
    return (performance.now() - start) / 1000;
  };
  try {
    await timed(0); // the first is slower
    const shortest = Math.max(SHORTEST.seconds, SHORTEST.readbacks * (await timed(0)));
    const timing = await timeRepeats(timed, { ...rules, shortest });
    const rate = fitting.length / timing.median;
    return {
      workload: workload.id,
      engine: engine.name,
      trials: fitting.length,
      steps: timing.repeats,
      samples: timing.samples,
      rate,
      spread: (rate * timing.spread) / timing.median,
    };
  } finally {
    wave.close();
  }
}
