import type { Experiment } from '../experiment/types';
import { Starts, TrialSharpness } from '../measures/trial_sharpness';
import { capacityOf, type Engine, type Wave, type WaveInput } from '../training/engine';
import { MANY, type Manner } from '../training/manner';
import { planOf } from '../training/planner';
import { beginning } from '../training/twin_calls';
import { WaveInputs } from '../training/wave_input';
import { shortestTelling, TARGET } from './pace';
import { TrialSource } from './trial_source';

/** Trials that are measured together: few, and where a step of those is over too soon to say what a GPU can do, many. */
const FEW_PROBED = 16;
const MANY_PROBED = 2048;
/** Milliseconds. */
const TOO_SOON = 2;
const PROBE = 40;
/** How much longer than all before a slice may be, for the first ones are hard to measure. */
const MOST_GROWTH = 4;

/**
 * Trial-steps a second of this engine on this experiment, what its measures take being spread over the steps, by a short measurement
 * (about a twentieth of a second an arm) at the middle of the map; the harmonic mean over the arms, as each has as many trials.
 * @param memory bytes that it may take
 * @param manner in what shape it trains
 */
export async function measureRate(
  engine: Engine,
  experiment: Experiment,
  memory: number,
  manner: Manner = MANY,
): Promise<number> {
  const source = new TrialSource(experiment);
  const { arms, replicates, nx, ny } = source.grid;
  const middle = (ny >> 1) * nx + (nx >> 1);
  const inputs = new WaveInputs();
  const openProbe = async (arm: number, most: number): Promise<Probe> => {
    const document = source.document(arm * replicates * nx * ny + middle);
    const plan = planOf(document, false, manner);
    const trials = Math.min(most, capacityOf(engine.needs(plan), memory / (arms + 1)));
    const documents = Array.from({ length: trials }, () => document);
    const input = inputs.of(plan, documents);
    return { wave: await engine.open(input), input, trials };
  };
  let wait = 0;
  const measure = async ({ wave, trials }: Probe) => (await secondsOfStep(wave, wait)) / trials;
  // Every arm is asked for before the first is measured, so that whatever an engine compiles it compiles in one go.
  const opening = Array.from({ length: arms }, (_, arm) => openProbe(arm, FEW_PROBED));
  const opened = await Promise.allSettled(opening);
  try {
    let secondsAStep = 0;
    const probes = await Promise.all(opening);
    wait = await engine.emptyWait();
    for (const [arm, few] of probes.entries()) {
      let seconds = await measure(few);
      if (few.trials === FEW_PROBED && seconds * few.trials < TOO_SOON / 1000) {
        const many = await openProbe(arm, MANY_PROBED);
        seconds = await measure(many).finally(() => many.wave.close());
      }
      const measuring = await secondsOfMeasures(experiment, few.input);
      secondsAStep += (seconds + measuring / few.input.plan.steps) / arms;
    }
    return 1 / secondsAStep;
  } finally {
    for (const probe of opened) if (probe.status === 'fulfilled') probe.value.wave.close();
  }
}

interface Probe {
  readonly wave: Wave;
  readonly input: WaveInput;
  readonly trials: number;
}

/**
 * How long a step of a wave takes, by some of its steps.
 * @param wait milliseconds that waiting takes by itself, and that do not count
 */
export async function secondsOfStep(wave: Wave, wait: number): Promise<number> {
  await wave.run(1); // allocates
  const enough = shortestTelling(wait, PROBE);
  let [steps, elapsed, waited] = [0, 0, 0];
  for (let more = 1; elapsed - waited < enough;) {
    const start = performance.now();
    // No submission is longer than a frame, even if waiting took no time at all.
    await wave.run(more, Math.max(1, Math.floor((TARGET * steps) / elapsed || 1)));
    elapsed += performance.now() - start;
    steps += more;
    waited += wait;
    const growth = elapsed > waited ? enough / (elapsed - waited) - 1 : Infinity; // clocks are coarse: it may be no time
    more = Math.ceil(steps * Math.min(MOST_GROWTH, growth));
  }
  return (elapsed - waited) / 1000 / steps;
}

/** Of the sharpness of a trial, as far as it is asked for: where it begins it is that of many trials, where it ends its own. */
async function secondsOfMeasures({ measures, axes }: Experiment, input: WaveInput): Promise<number> {
  const alike = Object.values(axes)
    .filter(({ parameter }) => parameter.startsWith('optimizer.'))
    .reduce((product, { count }) => product * count, 1);
  const times =
    (measures.includes('sharpness_initial') ? 1 / alike : 0) + (measures.includes('sharpness_final') ? 1 : 0);
  if (times === 0) return 0;
  const sharpness = new TrialSharpness(input, new Starts());
  await sharpness.initial(0); // compiles
  const start = performance.now();
  await sharpness.at(0, beginning(input, 0));
  return (times * (performance.now() - start)) / 1000;
}

/** Sides of the grids that the page offers. */
export const GRID_SIDES = [8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024] as const;
/** On coarser ones the edge with and the edge without batch norm may fall into one cell. */
const COARSEST_AUTOMATIC = 12;
const FINEST_AUTOMATIC = 256;

/**
 * The finest square grid whose whole picture takes about `seconds` at `rate` trial-steps a second; longer, where even the
 * coarsest takes longer.
 */
export function gridFor(rate: number, experiment: Experiment, seconds: number): number {
  const { arms, replicates, optimizer } = experiment;
  const cells = (rate * seconds) / (optimizer.steps * arms.length * replicates);
  const fitting = GRID_SIDES.filter((side) => side <= FINEST_AUTOMATIC && side * side <= cells);
  return Math.max(COARSEST_AUTOMATIC, ...fitting);
}
