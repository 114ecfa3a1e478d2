import { describe, expect, test } from 'vitest';
import { cellOf } from '../../src/experiment/axes';
import { coarseToFine } from '../../src/scheduler/order';
import { rowsOf, type TrialResult } from '../../src/scheduler/results';
import { Sweep } from '../../src/scheduler/sweep';
import { EngineLostError } from '../../src/training/engine';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { chainExperiment } from './chain_experiment';
import { FakeEngine, fakeLoss, FakeLog, TRIAL_BYTES } from './fake_engine';
import { TrialSource } from '../../src/scheduler/trial_source';
import {
  all,
  experiment,
  fake,
  fakeSweep,
  grid,
  inFakeTime,
  sweepOf,
  tableOf,
  time,
} from './sweeps_in_fake_time';

inFakeTime();

describe('the results', () => {
  test('are those of every trial, once, and of the right one', async () => {
    const table = await tableOf(experiment, fake);
    expect(table.map(({ trial }) => trial)).toEqual(all(grid));
    const { source } = sweepOf(experiment, fake);
    for (const { trial, lossInitial, lossMin, divergedAt, class: name } of table) {
      const { arm, replicate, ix, iy } = cellOf(grid, trial);
      const loss = (t: number) =>
        fakeLoss(arm === 1, source.x[ix]!, source.y![iy]!, experiment.seed + replicate, t);
      const losses = Array.from({ length: experiment.optimizer.steps }, (_, t) => loss(t));
      const diverged = losses.findIndex((value) => value > 1000 * Math.max(loss(0), 1));
      expect(divergedAt).toBe(diverged);
      expect(lossMin / lossInitial).toBeCloseTo(Math.min(...losses) / loss(0), 12);
      const final = losses.slice(-4).reduce((sum, value) => sum + value, 0) / 4;
      expect(name).toBe(diverged >= 0 ? 'diverged' : final < 0.5 ? 'converged' : 'stalled');
    }
    expect(new Set(table.map((result) => result.class)).size, 'all classes occur').toBe(3);
  });

  test.each([1, 3 * TRIAL_BYTES, 20 * TRIAL_BYTES, 117 * TRIAL_BYTES, 2 ** 40])(
    'are the same with %i bytes',
    async (memory) => {
      expect(await tableOf(experiment, fake, { memory })).toEqual(await tableOf(experiment, fake));
    },
  );

  test.each([0, 0.001, 30, 500])('are the same where every step takes %d ms', async (cost) => {
    const slow = () => new FakeEngine(new FakeLog(), time, { cost: (_trials, steps) => cost * steps });
    expect(await tableOf(experiment, slow)).toEqual(await tableOf(experiment, fake));
  });

  test('of the reference engine are the same with any memory', async () => {
    const reference = () => new ReferenceEngine();
    const whole = await tableOf(experiment, reference);
    expect(whole.map(({ trial }) => trial)).toEqual(all(grid));
    expect(new Set(whole.map((result) => result.class)).size, 'all classes occur').toBe(3);
    for (const memory of [1, 5000, 50_000])
      expect(await tableOf(experiment, reference, { memory })).toEqual(whole);
  });

  test('can be wanted of some trials only', async () => {
    const wants = (trial: number) => trial % 7 === 3;
    const { sweep, table, progress } = fakeSweep(experiment, { wants });
    expect(await sweep.run()).toBe('done');
    expect(table()).toEqual((await tableOf(experiment, fake)).filter(({ trial }) => wants(trial)));
    expect(progress.at(-1)).toMatchObject({ trials: table().length, finished: table().length, fraction: 1 });
  });

  test('can be wanted of no trial', async () => {
    const { sweep, told, log } = fakeSweep(experiment, { wants: () => false });
    expect(await sweep.run()).toBe('done');
    expect(told).toEqual([]);
    expect(log.opened).toEqual([]);
  });

  test('of trials that still train tell the losses so far, and come before the outcome', async () => {
    const { sweep, told } = fakeSweep(experiment, {}, { cost: (_trials, steps) => 30 * steps });
    await sweep.run();
    const standing = told.filter((result) => result.class === 'training');
    expect(standing.length).toBeGreaterThan(grid.trials);
    for (const { divergedAt, lossInitial, lossFinal, lossMin, score } of standing) {
      expect(divergedAt).toBe(-1);
      expect(lossMin).toBeLessThanOrEqual(Math.min(lossInitial, lossFinal));
      expect(Math.sign(score)).toBe(lossFinal < lossInitial ? -1 : 1);
    }
    const latest = new Map(told.map((result) => [result.trial, result.class]));
    expect([...latest.values()]).not.toContain('training');
  });

  test('come with traces, when tracing', async () => {
    const traces = new Map<number, number>();
    const outcomes: TrialResult[] = [];
    const sweep = new Sweep(
      new TrialSource(experiment),
      async () => new ReferenceEngine(),
      {
        results: (batch) => outcomes.push(...rowsOf(batch)),
        trace(trial, { loss, gradientNorm, weightNorm, layers }) {
          expect(traces.has(trial)).toBe(false);
          expect([gradientNorm.length, weightNorm.length, layers.length]).toEqual([
            loss.length,
            loss.length,
            2,
          ]);
          traces.set(trial, loss.length);
        },
      },
      { tracing: true, memory: 20_000 },
    );
    await sweep.run();
    expect(outcomes).toHaveLength(grid.trials);
    for (const { trial, divergedAt } of outcomes)
      expect(traces.get(trial)).toBe(divergedAt < 0 ? experiment.optimizer.steps : divergedAt + 1);
  });
});

describe('waves', () => {
  test.each([2, 10, 64, 1000])('stay within a memory of %i trials, all together', async (trials) => {
    const { sweep, log } = fakeSweep(experiment, { memory: trials * TRIAL_BYTES });
    await sweep.run();
    expect(log.mostOpenTrials).toBeLessThanOrEqual(trials);
    for (const { trials: wave } of log.opened) expect(wave.length).toBeLessThanOrEqual(trials / 2);
    expect(log.openWaves).toBe(0);
    expect(log.closedEngines).toBe(1);
  });

  test('are two at a time, each with one slice in flight', async () => {
    const { sweep, log } = fakeSweep(experiment, { memory: 20 * TRIAL_BYTES });
    await sweep.run();
    expect(log.mostInFlight).toBe(2);
  });

  test('hold trials of one plan each', async () => {
    const { sweep, log } = fakeSweep(experiment);
    await sweep.run();
    expect(new Set(log.opened.map(({ plan }) => plan.key)).size).toBe(2);
  });

  test('begin with coarse cells, and with all arms', async () => {
    const fine = chainExperiment({ nx: 33, ny: 20, replicates: 1 });
    const { sweep, source, log } = fakeSweep(fine, { memory: 60 * TRIAL_BYTES });
    await sweep.run();
    const strides = new Map(
      coarseToFine(33, 20).flatMap(({ stride, cells }) => Array.from(cells(), (cell) => [cell, stride])),
    );
    const { x, y } = source;
    const opened = log.opened.map(({ plan, trials }) =>
      trials.map(({ settings }) => {
        const ix = x.indexOf(settings[plan.settings.learningRate]!);
        const iy = y!.indexOf(settings[plan.settings.gain]!);
        return strides.get(iy * 33 + ix)!;
      }),
    );
    const flat = opened.flat();
    expect(flat).toHaveLength(2 * 33 * 20);
    expect(flat).toEqual(flat.toSorted((a, b) => b - a));
    const arms = log.opened.slice(0, 2).map(({ plan }) => plan.layers.some((layer) => layer.normalized));
    expect(arms.toSorted()).toEqual([false, true]);
  });

  test('train slices of up to 50 ms once the first is measured, at most twice as long as the one before', async () => {
    const long = chainExperiment({ nx: 2, ny: 1, steps: 5000, replicates: 1 }, { arms: [{ name: 'one' }] });
    const { sweep, log } = fakeSweep(long, {}, { cost: (_trials, steps) => 0.1 + 0.05 * steps });
    await sweep.run();
    const steps = log.slices.map((slice) => slice.steps);
    expect(steps[0]).toBe(1);
    for (const [index, count] of steps.slice(1).entries())
      expect(count).toBeLessThanOrEqual(2 * steps[index]!);
    expect(Math.max(...log.slices.map(({ milliseconds }) => milliseconds))).toBeLessThanOrEqual(50);
    expect(steps.length).toBeLessThan(30);
  });

  test('grow to what a slice can train, though few of a wave are left at its end', async () => {
    const x = { parameter: 'optimizer.learningRate', scale: 'log', from: 0.9, to: 1e4, count: 64 };
    const y = { parameter: 'model.initialization.gain', scale: 'linear', from: 0.5, to: 2, count: 64 };
    const mostDiverge = chainExperiment(
      { steps: 200, replicates: 1 },
      { axes: { x, y }, arms: [{ name: 'one' }] },
    );
    // As on a GPU that has room for more, a step takes as long for one trial as for a thousand.
    const { sweep, log } = fakeSweep(
      mostDiverge,
      {},
      { cost: (trials, steps) => steps * Math.max(1, trials / 1000) },
    );
    await sweep.run();
    expect(Math.max(...log.opened.map(({ trials }) => trials.length))).toBeGreaterThan(1000);
    expect(log.opened.length).toBeLessThan(16);
  });

  test('are divided where a step of them takes too long, and trained as far as without that', async () => {
    const { sweep, log, table, outcomes, progress } = fakeSweep(
      experiment,
      {},
      { cost: (trials, steps) => 20 * trials * steps }, // 640 ms for a step of the smallest wave
    );
    expect(await sweep.run()).toBe('done');
    expect(outcomes).toHaveLength(grid.trials);
    expect(table()).toEqual(await tableOf(experiment, fake));
    expect(progress.at(-1)).toMatchObject({ finished: grid.trials, fraction: 1, left: 0 });
    const longer = (limit: number) =>
      log.slices.flatMap(({ milliseconds }, at) => (milliseconds > limit ? [at] : []));
    expect(Math.max(...longer(200)), 'until it has been halved enough, once').toBeLessThan(6);
    expect(longer(100).length).toBeLessThan(0.05 * log.slices.length);
    expect(log.slices.some(({ of, kept }) => kept < of / 2)).toBe(true);
  });

  test('that are divided lose nothing where the engine is lost between two parts', async () => {
    let engines = 0;
    const makeEngine = () => {
      engines += 1;
      const dies = engines === 1 ? 30 : Infinity;
      return new FakeEngine(new FakeLog(), time, {
        cost: (trials, steps) => 20 * trials * steps,
        onSlice: (slice) => {
          if (slice >= dies) throw new EngineLostError('lost');
        },
      });
    };
    expect(await tableOf(experiment, makeEngine)).toEqual(await tableOf(experiment, fake));
    expect(engines).toBe(2);
  });

  test('of 128 × 128 cells and 2 arms are few and bounded', async () => {
    const large = chainExperiment({ nx: 128, ny: 128, steps: 10, replicates: 1 });
    const { sweep, log, outcomes, progress } = fakeSweep(
      large,
      { memory: 4096 * TRIAL_BYTES },
      { cost: (trials, steps) => 0.5 + (steps * trials) / 500 },
    );
    expect(await sweep.run()).toBe('done');
    expect(new Set(outcomes.map(({ trial }) => trial)).size).toBe(32_768);
    expect(outcomes).toHaveLength(32_768);
    expect(log.mostOpenTrials).toBeLessThanOrEqual(4096);
    // What the device needs at least: 327,680 trial-steps at 500 a millisecond.
    expect(time.now).toBeLessThan(1.2 * 656);
    expect(log.opened.length).toBeLessThan(60);
    expect(log.slices.length).toBeLessThan(400);
    expect(Math.max(...log.slices.slice(2).map(({ milliseconds }) => milliseconds))).toBeLessThan(60);
    expect(progress.at(-1)).toMatchObject({ finished: 32_768, fraction: 1 });
  });
});

describe('where each wait takes 100 ms, as in Firefox', () => {
  // Milliseconds of a trial-step: a fast device, the headline preset on a software adapter, a slow network.
  test.each([0.02, 0.3, 2])('the device is kept busy and the forecast holds (%f ms)', async (cost) => {
    const headline = chainExperiment({ nx: 12, ny: 12, steps: 200, replicates: cost < 0.1 ? 8 : 1 });
    const { x } = headline.axes;
    const axes = { ...headline.axes, x: { ...x, to: 0.9 } }; // nothing diverges, so that the work is known
    const { sweep, log, progress } = fakeSweep(
      { ...headline, axes },
      {},
      { poll: 100, cost: (trials, steps) => cost * trials * steps },
    );
    expect(await sweep.run()).toBe('done');
    const total = time.now;
    const needed = log.slices.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    expect(total).toBeLessThan(1.35 * needed);
    expect(log.idle).toBeLessThan(0.25 * needed);
    for (const { elapsed, left, fraction } of progress.filter(({ fraction }) => fraction > 0.05)) {
      expect(elapsed + left, `forecast at ${fraction}`).toBeGreaterThan(total / 2000);
      expect(elapsed + left, `forecast at ${fraction}`).toBeLessThan(total / 500);
    }
    const long = log.slices.filter(({ milliseconds }) => milliseconds > 100);
    expect(long.length, 'slices longer than meant').toBeLessThan(0.1 * log.slices.length);
    expect(Math.max(...log.slices.map(({ milliseconds }) => milliseconds))).toBeLessThan(200);
  });
});

describe('decided trials', () => {
  test('are dropped', async () => {
    const { sweep, log, outcomes, progress } = fakeSweep(
      chainExperiment({ steps: 100 }),
      {},
      { cost: (_trials, steps) => 12 * steps }, // three steps a slice
    );
    await sweep.run();
    const trained = log.slices.reduce((sum, { kept, steps }) => sum + kept * steps, 0);
    expect(progress.at(-1)!.trialSteps).toBe(trained);
    const needed = outcomes.reduce((sum, { divergedAt }) => sum + (divergedAt < 0 ? 100 : divergedAt + 1), 0);
    const diverged = outcomes.filter(({ divergedAt }) => divergedAt >= 0).length;
    expect(diverged).toBeGreaterThan(0);
    expect(trained).toBeGreaterThanOrEqual(needed);
    // Each trial may go on to the end of the slice in which it is decided.
    expect(trained).toBeLessThanOrEqual(needed + 2 * diverged);
    expect(trained).toBeLessThan(100 * grid.trials);
  });

  test('are those with a NaN only, where no trial stops early', async () => {
    const rule = { rule: { type: 'sohl-dickstein' } };
    const { sweep, outcomes, progress } = fakeSweep(chainExperiment({ steps: 30 }, rule));
    await sweep.run();
    expect(progress.at(-1)!.trialSteps).toBe(30 * grid.trials);
    expect(new Set(outcomes.map((result) => result.class))).toEqual(new Set(['converged', 'diverged']));
  });
});

describe('progress', () => {
  test.each([1, 9, 1000])('rises to the end, with a memory of %i trials', async (trials) => {
    const { sweep, progress } = fakeSweep(experiment, { memory: trials * TRIAL_BYTES });
    await sweep.run();
    for (const name of ['fraction', 'finished', 'elapsed', 'trialSteps'] as const) {
      const values = progress.map((now) => now[name]);
      expect(values, `${name} rises`).toEqual(values.toSorted((a, b) => a - b));
    }
    expect(progress.at(-1)).toMatchObject({
      trials: grid.trials,
      finished: grid.trials,
      fraction: 1,
      left: 0,
      elapsed: time.now / 1000,
    });
  });

  test('counts the steps of each arm where arms differ in them', async () => {
    const arms = [5, 40].map((steps) => ({ name: `${steps}`, set: { 'optimizer.steps': steps } }));
    const { sweep, progress } = fakeSweep(chainExperiment({}, { arms }));
    await sweep.run();
    expect(progress.at(-1)).toMatchObject({ finished: grid.trials, fraction: 1, left: 0 });
    expect(Math.max(...progress.map(({ fraction }) => fraction))).toBe(1);
  });

  test('tells the time left at the pace so far', async () => {
    const one = chainExperiment({ nx: 1, ny: 1, steps: 100, replicates: 1 }, { arms: [{ name: 'one' }] });
    const { sweep, progress } = fakeSweep(one, {}, { cost: (_trials, steps) => 10 * steps });
    await sweep.run();
    for (const { elapsed, left } of progress) expect(elapsed + left).toBeCloseTo(1, 10);
  });
});

test('the forecast holds where most trials diverge at once and the others train on for long', async () => {
  const wide = chainExperiment({ nx: 12, ny: 12, steps: 5000, replicates: 1 });
  const { sweep, progress } = fakeSweep(wide, {}, { cost: (trials, steps) => 0.01 * trials * steps });
  await sweep.run();
  const total = time.now / 1000;
  const early = progress.filter(({ elapsed }) => elapsed > 0.02 * total && elapsed < 0.9 * total);
  expect(early.length).toBeGreaterThan(10);
  for (const { elapsed, left } of early) {
    expect(elapsed + left, `forecast after ${elapsed} of ${total} s`).toBeGreaterThan(total / 2);
    expect(elapsed + left, `forecast after ${elapsed} of ${total} s`).toBeLessThan(2 * total);
  }
});
