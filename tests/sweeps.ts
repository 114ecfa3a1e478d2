import type { Experiment } from '../src/experiment/types';
import type { Gpu } from '../src/gpu/device';
import { ResultTable, type ResultBatch } from '../src/scheduler/results';
import { Sweep, type SweepOptions } from '../src/scheduler/sweep';
import type { Trace } from '../src/scheduler/trace';
import type { Engine, EngineFaultError, EngineName } from '../src/training/engine';
import { FusedEngine } from '../src/training/fused_engine';
import { LayeredEngine } from '../src/training/layered_engine';
import { ReferenceEngine } from '../src/training/reference_engine';
import { testGpu } from './gpu_device';
import { TrialSource } from '../src/scheduler/trial_source';
import { someOf } from '../src/scheduler/trials';

export type MakeEngine = (fault?: EngineFaultError) => Promise<Engine>;

/** The engines under test by name. The GPU's device is shared by a whole test file, so closing an engine leaves it open. */
export const ENGINES: Readonly<Record<EngineName | 'fused in software', MakeEngine>> = {
  reference: async () => new ReferenceEngine(),
  layered: async () => new LayeredEngine(await sharedGpu()),
  /** In the shape that it has on a GPU, whatever adapter runs it here. */
  fused: async (fault) => new FusedEngine(asHardware(await sharedGpu()), undefined, fault?.fewerSteps),
  /** In the shape that it has on a software adapter. */
  'fused in software': async (fault) => new FusedEngine(await sharedGpu(), undefined, fault?.fewerSteps),
};

/** Those on the GPU. */
export const GPU_ENGINES = ['fused', 'fused in software', 'layered'] as const;

/** A whole sweep, or that of the trials that are wanted: its outcomes, and with `tracing` its traces by trial. */
export async function runSweep(
  experiment: Experiment,
  makeEngine: MakeEngine,
  { wants, ...options }: SweepOptions & { wants?: (trial: number) => boolean } = {},
): Promise<{ source: TrialSource; results: ResultTable; traces: Map<number, Trace> }> {
  const traces = new Map<number, Trace>();
  const batches: ResultBatch[] = [];
  const source = new TrialSource(experiment);
  const sweep = new Sweep(
    wants ? someOf(source, wants) : source,
    makeEngine,
    { results: (batch) => batches.push(batch), trace: (trial, trace) => traces.set(trial, trace) },
    options,
  );
  await sweep.run();
  const results = new ResultTable(source.grid.trials);
  for (const batch of batches) results.enter(batch);
  return { source, results, traces };
}

function asHardware(gpu: Gpu): Gpu {
  return { ...gpu, adapter: { ...gpu.adapter, software: false } };
}

export async function sharedGpu(): Promise<Gpu> {
  return { ...(await testGpu()), destroy: () => undefined };
}
