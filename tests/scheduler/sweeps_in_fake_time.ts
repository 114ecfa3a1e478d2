import { afterEach, beforeEach, expect, vi } from 'vitest';
import { gridOf } from '../../src/experiment/axes';
import type { Experiment } from '../../src/experiment/types';
import { rowsOf, type TrialResult } from '../../src/scheduler/results';
import { Sweep, type Progress, type SweepOptions } from '../../src/scheduler/sweep';
import { type Engine } from '../../src/training/engine';
import { chainExperiment } from './chain_experiment';
import { FakeEngine, FakeLog, FakeTime, type FakeOptions } from './fake_engine';
import { TrialSource } from '../../src/scheduler/trial_source';
import { someOf } from '../../src/scheduler/trials';

/** Options of a sweep, and which trials it is to train; all unless told. */
export type Options = SweepOptions & { wants?: (trial: number) => boolean };

/** Of the test that runs. */
export let time: FakeTime;

/** Gives each test of a file a time of its own. */
export function inFakeTime(): void {
  beforeEach(() => {
    time = new FakeTime();
    vi.spyOn(performance, 'now').mockImplementation(() => time.now);
  });
  afterEach(() => vi.restoreAllMocks());
}

/** A sweep and all that it says. */
export function sweepOf(
  experiment: Experiment,
  makeEngine: () => Engine | Promise<Engine>,
  { wants, ...options }: Options = {},
) {
  const source = new TrialSource(experiment);
  const outcomes: TrialResult[] = [];
  const told: TrialResult[] = [];
  const progress: Progress[] = [];
  const sweep = new Sweep(
    wants ? someOf(source, wants) : source,
    async () => makeEngine(),
    {
      results(batch) {
        told.push(...rowsOf(batch));
        outcomes.push(...rowsOf(batch));
      },
      standing: (_wave, batch) => told.push(...rowsOf(batch())),
      progress: (now) => progress.push(now),
    },
    options,
  );
  const table = () => outcomes.toSorted((a, b) => a.trial - b.trial);
  return { source, sweep, outcomes, told, progress, table };
}

export function fakeSweep(experiment: Experiment, options: Options = {}, fake: FakeOptions = {}) {
  const log = new FakeLog();
  return { ...sweepOf(experiment, () => new FakeEngine(log, time, fake), options), log };
}

export async function tableOf(experiment: Experiment, makeEngine: () => Engine, options: Options = {}) {
  const { sweep, table } = sweepOf(experiment, makeEngine, options);
  expect(await sweep.run()).toBe('done');
  return table();
}

export const fake = () => new FakeEngine(new FakeLog(), time);
export const all = ({ trials }: { trials: number }) => Array.from({ length: trials }, (_, trial) => trial);
export const experiment = chainExperiment();
export const grid = gridOf(experiment);
