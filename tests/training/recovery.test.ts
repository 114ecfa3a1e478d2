import { beforeAll, describe, expect, test } from 'vitest';
import { requestGpu, type Gpu } from '../../src/gpu/device';
import { rowsOf, type TrialResult } from '../../src/scheduler/results';
import { Sweep, type SweepListener } from '../../src/scheduler/sweep';
import { EngineLostError, type Engine } from '../../src/training/engine';
import { FusedEngine } from '../../src/training/fused_engine';
import { LayeredEngine } from '../../src/training/layered_engine';
import { planOf } from '../../src/training/planner';
import { WaveInputs } from '../../src/training/wave_input';
import { entry } from '../gpu_device';
import { chainExperiment } from '../scheduler/chain_experiment';
import { TrialSource } from '../../src/scheduler/trial_source';

const ENGINES = { layered: LayeredEngine, fused: FusedEngine } as const;
const NAMES = ['layered', 'fused'] as const;

const BATCH_NORM = { arms: [{ name: 'with', set: { 'model.normalization.type': 'batch' } }] };
const experiment = chainExperiment({ nx: 11, ny: 7, steps: 12, replicates: 1 }, BATCH_NORM);
const TRIALS = 11 * 7;

const freshGpu = async () => requestGpu(await entry(), { secure: true });

/** As a driver or the system does it: nobody called `Gpu.destroy`. */
function lose(gpu: Gpu): void {
  gpu.device.destroy();
}

interface Disturbance {
  /** With every engine that is made, and its number from 0. */
  made?: (gpu: Gpu, engine: number) => void;
  /** After every slice, and how many slices there have been. */
  progress?: (gpu: Gpu, slices: number) => void;
}

async function sweep(name: keyof typeof ENGINES, { made, progress }: Disturbance = {}) {
  const gpus: Gpu[] = [];
  const outcomes: TrialResult[] = [];
  let slices = 0;
  const makeEngine = async (): Promise<Engine> => {
    const gpu = await freshGpu();
    const engine = gpus.push(gpu) - 1;
    made?.(gpu, engine);
    return new ENGINES[name](gpu);
  };
  const listener: SweepListener = {
    results: (batch) => outcomes.push(...rowsOf(batch)),
    progress() {
      slices += 1;
      progress?.(gpus.at(-1)!, slices);
    },
  };
  const end = await new Sweep(new TrialSource(experiment), makeEngine, listener).run();
  return { end, gpus, table: outcomes.toSorted((a, b) => a.trial - b.trial) };
}

describe.each(NAMES)('the %s engine on a device that is lost', (name) => {
  let undisturbed: ReturnType<typeof sweep>;
  beforeAll(() => (undisturbed = sweep(name)));

  test.each<[string, Disturbance]>([
    ['before anything', { made: (gpu, engine) => (engine === 0 ? lose(gpu) : undefined) }],
    [
      'while the first waves are opened',
      { made: (gpu, engine) => (engine === 0 ? setTimeout(() => lose(gpu)) : undefined) },
    ],
    ['after a slice', { progress: (gpu, slices) => (slices === 3 ? lose(gpu) : undefined) }],
    [
      'while a slice is in flight',
      { progress: (gpu, slices) => (slices === 5 ? setTimeout(() => lose(gpu)) : undefined) },
    ],
    ['twice', { progress: (gpu, slices) => (slices === 3 || slices === 7 ? lose(gpu) : undefined) }],
  ])('trains on with another one: %s', async (moment, disturbance) => {
    const { end, gpus, table } = await sweep(name, disturbance);
    expect(end).toBe('done');
    expect(gpus).toHaveLength(moment === 'twice' ? 3 : 2);
    expect(table).toHaveLength(TRIALS);
    expect(table).toEqual((await undisturbed).table);
  });

  test('says so', async () => {
    const gpu = await freshGpu();
    const engine = new ENGINES[name](gpu);
    const plan = planOf(experiment);
    const wave = await engine.open(new WaveInputs().of(plan, [experiment]));
    await wave.run(2);
    lose(gpu);
    await expect(wave.run(2)).rejects.toThrow(EngineLostError);
    await expect(wave.read('history')).rejects.toThrow(EngineLostError);
    expect((await gpu.lost).deliberate).toBe(false);
    wave.close();
    engine.close();
  });
});
