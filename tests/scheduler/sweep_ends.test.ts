import { describe, expect, test } from 'vitest';
import { Sweep } from '../../src/scheduler/sweep';
import { EngineLostError } from '../../src/training/engine';
import { FakeEngine, FakeLog, TRIAL_BYTES } from './fake_engine';
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

/** Long enough for whatever would go on to do so. */
async function turns(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setTimeout(resolve));
}

describe('pausing', () => {
  test('holds after the slices in flight, and resuming goes on', async () => {
    const { sweep, log, table, progress } = fakeSweep(
      experiment,
      { memory: 40 * TRIAL_BYTES },
      { onSlice: (slice) => (slice === 5 ? sweep.pause() : undefined) },
    );
    const end = sweep.run();
    await turns();
    const held = log.slices.length;
    expect(held).toBeGreaterThan(5);
    expect(held).toBeLessThanOrEqual(7);
    expect(log.inFlight).toBe(0);
    const pausedAt = progress.at(-1)!.elapsed;

    time.now += 1e6; // a long pause does not count
    sweep.pause();
    await turns();
    expect(log.slices).toHaveLength(held);
    sweep.resume();
    sweep.resume();
    expect(await end).toBe('done');
    expect(table()).toEqual(await tableOf(experiment, fake));
    expect(progress.at(-1)!.elapsed).toBeGreaterThan(pausedAt);
    expect(progress.at(-1)!.elapsed).toBeLessThan(1000);
  });

  test('holds from the start where it comes before the run', async () => {
    time.now = 5e6;
    const { sweep, log, progress } = fakeSweep(experiment);
    sweep.pause();
    const end = sweep.run();
    await turns();
    expect(log.slices).toEqual([]);
    sweep.resume();
    expect(await end).toBe('done');
    expect(progress.at(-1)!.elapsed).toBeCloseTo((time.now - 5e6) / 1000, 10);
  });

  test('holds though it was resumed for a moment', async () => {
    const { sweep, log } = fakeSweep(
      experiment,
      { memory: 40 * TRIAL_BYTES },
      { onSlice: (slice) => (slice === 5 ? sweep.pause() : undefined) },
    );
    const end = sweep.run();
    await turns();
    const held = log.slices.length;
    sweep.resume();
    sweep.pause();
    await turns();
    expect(log.slices).toHaveLength(held);
    sweep.resume();
    expect(await end).toBe('done');
  });
});

describe('stopping', () => {
  const stoppedBy = (stop: (sweep: Sweep) => void) => {
    const run = fakeSweep(
      experiment,
      { memory: 40 * TRIAL_BYTES },
      { onSlice: (slice) => (slice === 9 ? stop(run.sweep) : undefined) },
    );
    return run;
  };

  test('ends after the slices in flight, and keeps what was finished', async () => {
    const { sweep, log, outcomes } = stoppedBy((sweep) => sweep.stop());
    expect(await sweep.run()).toBe('stopped');
    expect(log.slices.length).toBeLessThanOrEqual(11);
    expect([log.inFlight, log.openWaves, log.closedEngines]).toEqual([0, 0, 1]);
    expect(outcomes.length).toBeGreaterThan(0);
    expect(outcomes.length).toBeLessThan(grid.trials);
    const finished = new Set(outcomes.map(({ trial }) => trial));
    const rest = await tableOf(experiment, fake, { wants: (trial) => !finished.has(trial) });
    const both = [...outcomes, ...rest].toSorted((a, b) => a.trial - b.trial);
    expect(both).toEqual(await tableOf(experiment, fake));
  });

  test('ends a sweep that is held', async () => {
    const { sweep, log } = stoppedBy((sweep) => sweep.pause());
    const end = sweep.run();
    await turns();
    sweep.stop();
    expect(await end).toBe('stopped');
    expect(log.openWaves).toBe(0);
  });

  test('ends it though it is then to be held', async () => {
    const { sweep } = stoppedBy((sweep) => {
      sweep.stop();
      sweep.pause();
    });
    expect(await sweep.run()).toBe('stopped');
  });

  test('before the run trains nothing', async () => {
    const { sweep, log } = fakeSweep(experiment);
    sweep.stop();
    expect(await sweep.run()).toBe('stopped');
    expect(log.slices).toEqual([]);
  });

  test('when everything is finished changes nothing', async () => {
    const last = new Sweep(new TrialSource(experiment), async () => fake(), {
      results: () => undefined,
      progress: ({ finished, trials }) => (finished === trials ? last.stop() : undefined),
    });
    expect(await last.run()).toBe('done');
  });
});

describe('a lost engine', () => {
  /** Engines of which each is lost at one of its slices, as far as there are numbers. */
  function losing(at: readonly number[], error: () => Error = () => new EngineLostError('lost')) {
    const logs: FakeLog[] = [];
    const makeEngine = () => {
      const dies = at[logs.length];
      const log = new FakeLog();
      logs.push(log);
      return new FakeEngine(log, time, {
        onSlice: (slice) => {
          if (dies !== undefined && slice >= dies) throw error();
        },
      });
    };
    return { logs, ...sweepOf(experiment, makeEngine, { memory: 40 * TRIAL_BYTES }) };
  }

  test.each([[0], [1], [8], [30], [3, 17, 5]])('is replaced, and nothing is lost (%i …)', async (...at) => {
    const { sweep, logs, table, outcomes, progress } = losing(at);
    expect(await sweep.run()).toBe('done');
    expect(logs).toHaveLength(at.length + 1);
    expect(outcomes, 'each result is final once').toHaveLength(grid.trials);
    expect(table()).toEqual(await tableOf(experiment, fake));
    for (const log of logs) expect([log.openWaves, log.closedEngines, log.inFlight]).toEqual([0, 1, 0]);
    expect(progress.at(-1)).toMatchObject({ finished: grid.trials, fraction: 1 });
    expect(Math.max(...progress.map(({ fraction }) => fraction))).toBe(1);
    expect(Math.max(...progress.map(({ finished }) => finished))).toBe(grid.trials);
  });

  test('between two reads of a wave leaves no trial half finished', async () => {
    let reads = 0;
    const outcomes: number[] = [];
    const traced: number[] = [];
    const makeEngine = async () =>
      new FakeEngine(new FakeLog(), time, {
        onRead() {
          reads += 1;
          if (reads === 6) throw new EngineLostError('lost');
        },
      });
    const sweep = new Sweep(
      new TrialSource(experiment),
      makeEngine,
      {
        results: (batch) => outcomes.push(...batch.trial),
        trace: (trial) => traced.push(trial),
      },
      { tracing: true },
    );
    expect(await sweep.run()).toBe('done');
    expect(reads).toBeGreaterThan(6);
    expect(outcomes.toSorted((a, b) => a - b)).toEqual(all(grid));
    expect(traced.toSorted((a, b) => a - b)).toEqual(all(grid));
  });

  test('is given up after three others', async () => {
    const { sweep, logs } = losing([4, 4, 4, 4]);
    await expect(sweep.run()).rejects.toThrow(EngineLostError);
    expect(logs).toHaveLength(4);
    for (const log of logs) expect([log.openWaves, log.closedEngines]).toEqual([0, 1]);
  });

  test('is what counts where something else goes wrong with it', async () => {
    let fails = 0;
    const { sweep, logs, table } = losing([8], () => {
      fails += 1;
      return fails === 1 ? new Error('no such buffer') : new EngineLostError('lost');
    });
    expect(await sweep.run()).toBe('done');
    expect(logs).toHaveLength(2);
    expect(table()).toEqual(await tableOf(experiment, fake));
  });

  test('that cannot be replaced is the end', async () => {
    let made = 0;
    const log = new FakeLog();
    const { sweep } = sweepOf(experiment, () => {
      made += 1;
      if (made > 1) throw new Error('no adapter');
      return new FakeEngine(log, time, { onSlice: () => Promise.reject(new EngineLostError('lost')) });
    });
    await expect(sweep.run()).rejects.toThrow('no adapter');
    expect([log.openWaves, log.closedEngines]).toEqual([0, 1]);
  });
});

describe('an error', () => {
  test('of the engine ends the sweep, with everything closed', async () => {
    let slices = 0;
    const { sweep, log } = fakeSweep(
      experiment,
      { memory: 40 * TRIAL_BYTES },
      {
        onSlice(slice) {
          slices += 1;
          if (slice === 6) throw new RangeError('wrong');
        },
      },
    );
    await expect(sweep.run()).rejects.toThrow(new RangeError('wrong'));
    expect([log.openWaves, log.closedEngines, log.inFlight]).toEqual([0, 1, 0]);
    expect(slices, 'the other wave ends after its slice').toBeLessThanOrEqual(8);
  });

  test('of opening a wave does too', async () => {
    const log = new FakeLog();
    class Full extends FakeEngine {
      override async open(): Promise<never> {
        throw new Error('full');
      }
    }
    const { sweep } = sweepOf(experiment, () => new Full(log, time));
    await expect(sweep.run()).rejects.toThrow('full');
    expect(log.closedEngines).toBe(1);
  });

  test('of the listener does too', async () => {
    const log = new FakeLog();
    const sweep = new Sweep(new TrialSource(experiment), async () => new FakeEngine(log, time), {
      results() {
        throw new Error('disk full');
      },
    });
    await expect(sweep.run()).rejects.toThrow('disk full');
    expect([log.openWaves, log.closedEngines]).toEqual([0, 1]);
  });
});
