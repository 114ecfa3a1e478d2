import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trialDocument } from '../../src/experiment/trial';
import type { Experiment } from '../../src/experiment/types';
import { tried } from '../every';
import { BufferUse } from '../../src/gpu/buffer_use';
import { requestGpu, type Gpu } from '../../src/gpu/device';
import { Sweep } from '../../src/scheduler/sweep';
import { FusedEngine } from '../../src/training/fused_engine';
import { LayeredEngine } from '../../src/training/layered_engine';
import { planOf } from '../../src/training/planner';
import { entry } from '../gpu_device';
import { chainExperiment } from '../scheduler/chain_experiment';
import { TrialSource } from '../../src/scheduler/trial_source';

const ENGINES = { layered: LayeredEngine, fused: FusedEngine } as const;

/** Learning rate × input scale, so that every row of the map has a data set of its own. */
const SCALES = {
  x: { parameter: 'optimizer.learningRate', scale: 'log', from: 0.01, to: 4, count: 16 },
  y: { parameter: 'data.inputScale', scale: 'linear', from: 0.5, to: 2, count: 12 },
};
/** As many data sets, and as many draws of initial parameters, as there are cells; data sets larger than networks. */
const SEEDS = {
  model: { inputs: 3, hidden: [2], outputs: 1, activation: 'tanh' },
  data: { type: 'gaussian', samples: 60 },
  axes: { x: { parameter: 'seed', scale: 'linear', from: 0, to: 199, count: 200 } },
};
const EXPERIMENTS: [name: string, experiment: Experiment, tracing: boolean][] = [
  ['a map', chainExperiment({ nx: 24, ny: 20, steps: 6, replicates: 1 }), false],
  ['a map with traces', chainExperiment({ nx: 24, ny: 20, steps: 6, replicates: 1 }), true],
  ['many data sets', chainExperiment({ nx: 16, ny: 12, steps: 6, replicates: 2 }, { axes: SCALES }), false],
  ['a data set in every cell', chainExperiment({ steps: 6, replicates: 1 }, SEEDS), false],
];

let gpu: Gpu;
beforeAll(async () => {
  gpu = await requestGpu(await entry(), { secure: true });
});
afterAll(() => gpu.destroy());

describe.each(['layered', 'fused'] as const)('the buffers of the %s engine', (name) => {
  // With the least it is the memory that decides the size of every wave; with the most, the pace.
  describe.each(tried([64], [1024]))('in %i KiB', (kibibytes) => {
    test.each(EXPERIMENTS)(
      'of %s stay within it, every one of them, and are all given back',
      async (_which, experiment, tracing) => {
        const memory = kibibytes * 1024;
        const use = new BufferUse(gpu);
        const sweep = new Sweep(
          new TrialSource(experiment),
          async () => new ENGINES[name]({ ...gpu, destroy: () => undefined }),
          { results: () => undefined },
          { memory, tracing },
        );
        expect(await sweep.run()).toBe('done');
        expect(use.peak).toBeLessThanOrEqual(memory);
        expect(use.peak, 'it is used').toBeGreaterThan(kibibytes === 64 ? memory / 4 : 0);
        expect(use.living).toEqual([]);
      },
    );
  });
});

describe.each(['layered', 'fused'] as const)(
  'of a network of which few fit, the buffers of the %s engine',
  (name) => {
    const wide = chainExperiment(
      { nx: 3, ny: 2, steps: 4, replicates: 1 },
      {
        model: { inputs: 8, hidden: [64, 64], outputs: 1, activation: 'relu' },
        data: { type: 'gaussian', samples: 512 },
      },
    );

    // A trial in each lane; one lane after the other; and no room for the pair that the lanes would make.
    test.each([3, 1.5, 1.05])('stay within %f times what one trial needs', async (times) => {
      const device = { ...gpu, destroy: () => undefined };
      // A step a dispatch, since lavapipe cuts longer ones of such a network.
      const engine = name === 'fused' ? new FusedEngine(device, undefined, 1) : new LayeredEngine(device);
      const needed = Math.max(
        ...wide.arms.map((_, arm) => {
          const plan = planOf(trialDocument(wide, arm, 0, 1, 1));
          const { trial, wave, initial } = engine.needs(plan);
          return trial + wave + initial + 4 * plan.samples * (plan.inputs + plan.outputs);
        }),
      );
      const memory = times * needed;
      const use = new BufferUse(gpu);
      const sweep = new Sweep(
        new TrialSource(wide),
        async () => engine,
        { results: () => undefined },
        { memory },
      );
      expect(await sweep.run()).toBe('done');
      expect(use.peak).toBeLessThanOrEqual(memory);
      expect(use.peak).toBeGreaterThan(needed / 2);
      expect(use.living).toEqual([]);
    });
  },
);
