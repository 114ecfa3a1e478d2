import { ReferenceEngine } from '../../src/training/reference_engine';
import type { Contestant, Library, MatmulTask, Product, Training, TrainingTask } from './contestant';
import { openTraining } from './ours';
import { matmulTask, trainingTask, WORKLOADS } from './workloads';

export interface Options {
  readonly trials: number;
  readonly repeats: number;
  /** About how long one timed run takes; at least one step. */
  readonly seconds: number;
  /** Peers that are left out. */
  readonly without: readonly string[];
}

export interface Timing {
  readonly library: Library;
  readonly variant: string;
  /** Steps, or products, of one timed run. */
  readonly units: number;
  /** Milliseconds a unit, one for each repeat. */
  readonly times: readonly number[];
  /** The largest relative deviation from float64, before the timing. */
  readonly deviation: number;
}

export interface Row {
  readonly workload: string;
  readonly kind: 'training' | 'matmul';
  readonly title: string;
  /** What one unit counts: trials a step, or operations a product. */
  readonly work: number;
  readonly timings: readonly Timing[];
}

const TOLERANCE = 1e-3;
/** The loss after three updates is the fourth that is recorded. */
const CHECKED_STEPS = 4;
const CHECKED_TRIALS = 8;
const CHECKED_ENTRIES = 64;

/** A contestant at the start: it runs `least` units or a few more, and says how many. */
interface Runner {
  readonly contestant: Contestant;
  readonly deviation: number;
  run(least: number): Promise<number>;
  close(): void;
}

/**
 * One workload by every contestant that can run it, in one alternation: A B C A B C …
 * @throws Error when one of them computes something else
 */
export async function measure(
  workload: string,
  contestants: readonly Contestant[],
  options: Options,
): Promise<Row> {
  const chosen = WORKLOADS[workload];
  if (!chosen) throw new Error(`No workload ${workload}; there are ${Object.keys(WORKLOADS).join(', ')}`);
  const { kind, title } = chosen;
  if (kind === 'matmul') {
    const task = matmulTask(chosen);
    const { batch, rows, inner, cols } = task;
    const runners = await inTurn(contestants, (contestant) => multiplying(contestant, task));
    return {
      workload,
      kind,
      title,
      work: 2 * batch * rows * inner * cols,
      timings: await alternate(runners, options),
    };
  }
  const task = trainingTask(chosen, options.trials);
  const expected = await referenceLosses(task);
  const runners = await inTurn(contestants, (contestant) => training(contestant, task, expected));
  return { workload, kind, title, work: options.trials, timings: await alternate(runners, options) };
}

async function inTurn(
  contestants: readonly Contestant[],
  open: (contestant: Contestant) => Promise<Runner | undefined>,
): Promise<Runner[]> {
  const runners: Runner[] = [];
  for (const contestant of contestants) {
    const runner = await open(contestant);
    if (!runner) continue;
    console.log(`${nameOf(contestant)}: ready, ${runner.deviation.toExponential(1)} from float64`);
    runners.push(runner);
  }
  return runners;
}

async function alternate(all: readonly Runner[], { repeats, seconds }: Options): Promise<Timing[]> {
  const each = new Map<Runner, number>();
  for (const runner of all) {
    const start = performance.now();
    const ran = await runner.run(1);
    each.set(runner, (performance.now() - start) / ran / 1000);
    console.log(`${nameOf(runner.contestant)}: about ${each.get(runner)!.toPrecision(3)} s a unit`);
  }
  // Where a unit takes so long, a library's ways differ by chance only, and each costs minutes.
  const runners = all.filter(
    (runner) =>
      each.get(runner)! < seconds ||
      !all.some(
        (rival) =>
          rival.contestant.library === runner.contestant.library && each.get(rival)! < each.get(runner)!,
      ),
  );
  const runs = runners.map((runner) => ({
    runner,
    units: Math.max(1, Math.round(seconds / each.get(runner)!)),
    times: [] as number[],
  }));
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const run of runs) {
      const start = performance.now();
      run.units = await run.runner.run(run.units);
      run.times.push((performance.now() - start) / run.units);
    }
  }
  for (const { close } of all) close();
  return runs.map(({ runner: { contestant, deviation }, units, times }) => {
    const { library, variant } = contestant;
    return { library, variant, units, times, deviation };
  });
}

async function training(
  contestant: Contestant,
  task: TrainingTask,
  expected: ReadonlyMap<number, number>,
): Promise<Runner | undefined> {
  const trained = await contestant.openTraining?.(task);
  if (!trained) return undefined;
  const { steps, losses } = await trained.train(CHECKED_STEPS);
  if (steps !== CHECKED_STEPS) throw new Error(`${nameOf(contestant)} trained ${steps} steps`);
  const deviations = [...expected].map(([trial, loss]) => Math.abs(losses[trial]! / loss - 1));
  return {
    contestant,
    deviation: checked(contestant, deviations),
    async run(least) {
      const result = await trained.train(least);
      const broken = Array.from(result.losses).findIndex((loss) => !Number.isFinite(loss));
      if (broken >= 0) throw new Error(`${nameOf(contestant)}: trial ${broken} is no longer finite`);
      return result.steps;
    },
    close: () => trained.close(),
  };
}

/** Losses after three updates in float64, by trial, of a few trials spread over all. */
async function referenceLosses(task: TrainingTask): Promise<Map<number, number>> {
  const last = task.documents.length - 1;
  const spread = Array.from({ length: CHECKED_TRIALS }, (_, i) =>
    Math.round((i * last) / (CHECKED_TRIALS - 1)),
  );
  const trials = [...new Set(spread)];
  const reference: Training = await openTraining(new ReferenceEngine(), task, trials);
  const { losses } = await reference.train(CHECKED_STEPS);
  reference.close();
  return new Map(trials.map((trial, slot) => [trial, losses[slot]!]));
}

async function multiplying(contestant: Contestant, task: MatmulTask): Promise<Runner | undefined> {
  const product: Product | undefined = await contestant.openProduct?.(task);
  if (!product) return undefined;
  const result = await product.result();
  const length = task.batch * task.rows * task.cols;
  if (result.length !== length) throw new Error(`${nameOf(contestant)} made ${result.length} entries`);
  const deviations = Array.from({ length: CHECKED_ENTRIES }, (_, i) => {
    const at = Math.round((i * (length - 1)) / (CHECKED_ENTRIES - 1));
    const { sum, size } = entry(task, at);
    return Math.abs(result[at]! - sum) / size;
  });
  return {
    contestant,
    deviation: checked(contestant, deviations),
    async run(least) {
      // All results are kept until the end of a run, so there must not be too many.
      const times = Math.min(least, 16);
      await product.multiply(times);
      return times;
    },
    close: () => product.close(),
  };
}

/** One entry of the product in float64, and the root of the summed squares of its terms, by which it is judged. */
function entry({ rows, inner, cols, a, b }: MatmulTask, at: number): { sum: number; size: number } {
  const matrix = Math.floor(at / (rows * cols));
  const row = Math.floor(at / cols) % rows;
  const col = at % cols;
  let sum = 0;
  let squares = 0;
  for (let k = 0; k < inner; k += 1) {
    const term = a[(matrix * rows + row) * inner + k]! * b[(matrix * inner + k) * cols + col]!;
    sum += term;
    squares += term ** 2;
  }
  return { sum, size: Math.sqrt(squares) };
}

function checked(contestant: Contestant, deviations: readonly number[]): number {
  const largest = Math.max(...deviations);
  if (largest <= TOLERANCE) return largest;
  throw new Error(`${nameOf(contestant)} computes something else: ${largest} from float64`);
}

function nameOf({ library, variant }: Contestant): string {
  return `${library} (${variant})`;
}
