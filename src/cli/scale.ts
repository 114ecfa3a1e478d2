import { gridOf } from '../experiment/axes';
import { parseExperiment } from '../experiment/parse';
import type { Experiment } from '../experiment/types';
import { BufferUse } from '../gpu/buffer_use';
import { requestGpu } from '../gpu/device';
import { DEFAULT_MEMORY, mebibytes } from '../scheduler/memory';
import { ResultTable } from '../scheduler/results';
import { Sweep } from '../scheduler/sweep';
import { FusedEngine } from '../training/fused_engine';
import { TrialSource } from '../scheduler/trial_source';

/** Cells a side: 1 k, 16 k, 256 k and 1 M trials; in short 1 k and 4 k. */
export const SCALE_SIDES = { thorough: [32, 128, 512, 1024], quick: [32, 64] } as const;
/** Trials of a size that are trained in a row, by as many sweeps as that needs: short ones tell little. */
export const MEASURED_TRIALS = { thorough: 2 ** 16, quick: 2 ** 12 };
const STEPS = 64;
/** Seconds over which a cost is taken. A sweep that is shorter is one window; of a longer one most are steady. */
const WINDOW = 0.25;

/** What a sweep of `trials` costs. */
export interface ScaleMeasurement {
  readonly trials: number;
  readonly windows: number;
  /** Of a training step of a trial: the lower quartile over all windows, since a busy machine only ever adds. */
  readonly nanoseconds: number;
  /** The most bytes that the sweep's buffers took on the GPU together. */
  readonly peak: number;
}

export interface ScaleReport {
  readonly adapter: string;
  readonly steps: number;
  /** What the sweeps were allowed, in bytes. */
  readonly memory: number;
  readonly sizes: readonly ScaleMeasurement[];
}

/** The smallest network that is one, so that what is measured is what a trial costs besides its arithmetic; none diverges. */
function experimentOf(side: number): Experiment {
  return parseExperiment({
    format: 'normscape/experiment',
    version: 1,
    model: {
      inputs: 1,
      hidden: [],
      outputs: 1,
      activation: 'identity',
      initialization: { type: 'constant' },
    },
    data: { type: 'linear', samples: 4 },
    loss: 'half-mse',
    optimizer: { learningRate: 1, steps: STEPS },
    axes: {
      x: { parameter: 'optimizer.learningRate', scale: 'log', from: 0.01, to: 1.5, count: side },
      y: { parameter: 'model.initialization.gain', scale: 'linear', from: 0.5, to: 2, count: side },
    },
    arms: [{ name: 'one' }],
    rule: { type: 'threshold', divergence: 1000, target: 0.5, window: 4 },
  });
}

/**
 * Measures sweeps of ever more trials on one device, on which everything is compiled before.
 * @param measuredTrials trained in a row of each size, or one sweep where that has more
 * @param began called with the number of trials of each size
 */
export async function measureScale(
  entry: GPU | undefined,
  sides: readonly number[],
  measuredTrials: number,
  began: (trials: number) => void,
): Promise<ScaleReport> {
  const gpu = await requestGpu(entry, { secure: true });
  try {
    const use = new BufferUse(gpu);
    await sweep(experimentOf(16), new FusedEngine({ ...gpu, destroy: () => undefined }));
    const sizes = sides.map((side) => ({
      experiment: experimentOf(side),
      costs: new Array<number>(),
      peak: 0,
    }));
    // Up to the largest and down again, so that a machine that becomes slower does so for all of them.
    for (const size of [...sizes, ...sizes.slice(0, -1).reverse()]) {
      const { trials } = gridOf(size.experiment);
      began(trials);
      use.peak = 0;
      for (let done = 0; done < measuredTrials; done += trials) {
        const engine = new FusedEngine({ ...gpu, destroy: () => undefined });
        size.costs.push(...(await sweep(size.experiment, engine)));
      }
      size.peak = Math.max(size.peak, use.peak);
    }
    return {
      adapter: gpu.adapter.name,
      steps: STEPS,
      memory: DEFAULT_MEMORY,
      sizes: sizes.map(({ experiment, costs, peak }) => ({
        trials: gridOf(experiment).trials,
        windows: costs.length,
        nanoseconds: costs.sort((a, b) => a - b)[costs.length >> 2]!,
        peak,
      })),
    };
  } finally {
    gpu.destroy();
  }
}

/** Nanoseconds of a trial-step in each window of a sweep. */
async function sweep(experiment: Experiment, engine: FusedEngine): Promise<number[]> {
  const table = new ResultTable(gridOf(experiment).trials);
  const costs: number[] = [];
  let from = { elapsed: 0, trialSteps: 0 };
  await new Sweep(new TrialSource(experiment), async () => engine, {
    results: (batch) => table.enter(batch),
    progress: ({ elapsed, trialSteps, finished, trials }) => {
      const seconds = elapsed - from.elapsed;
      if (seconds < WINDOW && (finished < trials || costs.length > 0)) return;
      costs.push((1e9 * seconds) / (trialSteps - from.trialSteps));
      from = { elapsed, trialSteps };
    },
  }).run();
  return costs;
}

export function scaleMarkdown({ adapter, steps, memory, sizes }: ScaleReport): string {
  const first = sizes[0]?.nanoseconds ?? Number.NaN;
  const rounded = (bytes: number) => mebibytes(bytes).toFixed(bytes < 2 ** 24 ? 1 : 0);
  return [
    `Sweeps of one weight, 4 samples, ${steps} steps on ${adapter}, ${rounded(memory)} MiB allowed`,
    '',
    '| trials | trial-steps/s | of a trial-step | against the first | peak of GPU buffers |',
    '|-------:|--------------:|----------------:|------------------:|--------------------:|',
    ...sizes.map(
      ({ trials, nanoseconds, peak }) =>
        `| ${trials.toLocaleString('en')} | ${Math.round(1e9 / nanoseconds).toLocaleString('en')} | ${nanoseconds.toFixed(0)} ns | ${(nanoseconds / first).toFixed(2)}× | ${rounded(peak)} MiB |`,
    ),
    '',
  ].join('\n');
}
