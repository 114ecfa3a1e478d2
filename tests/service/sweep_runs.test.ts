import { expect, test } from 'vitest';
import { gridOf } from '../../src/experiment/axes';
import { InfeasibleError } from '../../src/scheduler/feasible';
import { ResultTable } from '../../src/scheduler/results';
import type { Trace } from '../../src/scheduler/trace';
import { allBut } from '../../src/scheduler/trials';
import { SharedEngine } from '../../src/service/shared_engine';
import { beside, ONE_BY_ONE, SweepRuns, type Shares } from '../../src/service/sweep_runs';
import { EngineLostError, type Needs, type Wave, type WaveInput } from '../../src/training/engine';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { chainExperiment } from '../scheduler/chain_experiment';
import { runSweep } from '../sweeps';

const experiment = chainExperiment({ nx: 5, ny: 3, steps: 20 });
const { trials } = gridOf(experiment);
const MEMORY = 2 ** 20;
/** Bytes that a trial takes here. */
const TRIAL = MEMORY / 64;

/** The runs of the experiment on the reference engine, the waves of its trials, and how often it was opened. */
function runsOf(shares: Shares = ONE_BY_ONE, lostAt = Infinity) {
  const waves: number[] = [];
  const words: string[] = [];
  let opened = 0;
  class Asked extends ReferenceEngine {
    override needs(): Needs {
      return { trial: TRIAL, wave: 0, initial: 0, most: Infinity };
    }
    override open(input: WaveInput): Promise<Wave> {
      if (waves.push(input.trials.length) === lostAt) throw new EngineLostError('lost');
      return super.open(input);
    }
  }
  const engine = new SharedEngine(async () => {
    opened += 1;
    return new Asked();
  });
  const runs = new SweepRuns(experiment, engine, MEMORY, shares, (text) => words.push(text));
  return { runs, waves, words, opened: () => opened };
}

const expected = runSweep(experiment, async () => new ReferenceEngine(), { tracing: true });

test('all kinds of runs share one engine, and what is known is not trained again', async () => {
  const { runs, waves, opened } = runsOf();
  expect(await runs.check({ tracing: true })).toBe(new ReferenceEngine().adapter);
  const known = Uint32Array.of(0, 7, 9);
  const table = new ResultTable(trials);
  const told: number[] = [];
  const sweep = runs.train(allBut(runs.source, known), {
    results(batch) {
      told.push(...batch.trial);
      table.enter(batch);
    },
  });
  expect(await sweep.run()).toBe('done');
  expect(told.toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: trials }, (_, trial) => trial).filter((trial) => !known.includes(trial)),
  );
  const { results, traces } = await expected;
  for (const trial of told) expect(table.score[trial]).toBe(results.score[trial]);
  waves.length = 0;
  const traced = new Map<number, Trace>();
  await runs.trace([9, 2], { trace: (trial, trace) => traced.set(trial, trace) }).run();
  expect(waves.reduce((sum, count) => sum + count)).toBe(2);
  expect([...traced.keys()].toSorted()).toEqual([2, 9]);
  for (const [trial, trace] of traced) expect(trace).toEqual(traces.get(trial));
  expect(opened()).toBe(1);
});

test('trials that train for longer are told by their own indices', async () => {
  const { runs } = runsOf();
  const told: number[] = [];
  await runs.longer([8, 3], (batch) => told.push(...batch.trial)).run();
  expect(told.toSorted()).toEqual([3, 8]);
});

test('runs beside each other stay within their shares of the memory, all together within all of it', async () => {
  const shares = beside(2);
  expect(2 * (shares.sweep + shares.traces + shares.edges)).toBe(1);
  const { runs, waves } = runsOf(shares);
  await runs.train(runs.source, { results: () => undefined }).run();
  expect(Math.max(...waves)).toBe(13); // seven eighths of a half for two waves at once, each with its data
  waves.length = 0;
  await runs.trace([0, 1, 2, 3], {}).run();
  expect(Math.max(...waves)).toBe(1);
});

test('what one trial needs is compared with the share that it may take', async () => {
  await expect(runsOf().runs.check({ tracing: true })).resolves.toBe('CPU, float64');
  const { runs } = runsOf({ sweep: 1, traces: 1 / 128, edges: 1 });
  await expect(runs.check()).resolves.toBe('CPU, float64');
  await expect(runs.check({ tracing: true })).rejects.toThrow(InfeasibleError);
});

test('an engine that is lost in a run is opened again, and that is told', async () => {
  const { runs, words, opened } = runsOf(ONE_BY_ONE, 3);
  const told: number[] = [];
  await runs.train(runs.source, { results: ({ trial }) => told.push(...trial) }).run();
  expect(told.toSorted((a, b) => a - b)).toEqual(Array.from({ length: trials }, (_, trial) => trial));
  expect(opened()).toBe(2);
  expect(words).toEqual([expect.stringMatching(/: lost\. Trained again on a new device\.$/)]);
});
