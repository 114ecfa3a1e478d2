import { afterEach, describe, expect, test, vi } from 'vitest';
import { GRID_SIDES, gridFor, measureRate } from '../../src/scheduler/calibrate';
import type { Needs, Wave, WaveInput } from '../../src/training/engine';
import type { Plan } from '../../src/training/plan';
import { tried } from '../every';
import { chainExperiment } from './chain_experiment';
import { FakeEngine, FakeLog, FakeTime } from './fake_engine';

const MEMORY = 2 ** 28;
afterEach(() => vi.restoreAllMocks());

describe('the grid for a speed', () => {
  const experiment = chainExperiment({ steps: 100, replicates: 3 }); // 600 trial-steps a cell
  const needed = (side: number) => 600 * side * side;

  test.each([16, 24, 96, 256])('is %i cells a side where just as many take the time', (side) => {
    const sides: readonly number[] = GRID_SIDES;
    expect(gridFor(needed(side) / 10, experiment, 10)).toBe(side);
    expect(gridFor((needed(side) - 1) / 10, experiment, 10)).toBe(sides[sides.indexOf(side) - 1]);
  });

  test('is the coarsest on the slowest machine, and 256 on the fastest', () => {
    expect(gridFor(0, experiment, 10)).toBe(12);
    expect(gridFor(1e300, experiment, 10)).toBe(256);
  });
});

describe('the measured rate', () => {
  test.each([
    ['fast', 1e-4, [16, 16, 2048, 2048]],
    ['slow', 1, [16, 16]],
  ])('is that of a %s device', async (_name, cost, trials) => {
    const time = new FakeTime();
    vi.spyOn(performance, 'now').mockImplementation(() => time.now);
    const log = new FakeLog();
    const engine = new FakeEngine(log, time, { cost: (trials, steps) => cost * trials * steps });
    const rate = await measureRate(engine, chainExperiment({ steps: 1_000_000 }), MEMORY);
    expect(rate * (cost / 1000)).toBeCloseTo(1, 9);
    expect([log.openWaves, log.inFlight]).toEqual([0, 0]);
    expect(log.opened.map((input) => input.trials.length)).toEqual(trials);
  });

  test.each(tried([1e-3, 0.1, 3], [1e-4]))(
    'is right within a factor of 1.5 where each wait takes 100 ms, and a step of a trial %f ms',
    async (cost) => {
      const time = new FakeTime();
      vi.spyOn(performance, 'now').mockImplementation(() => time.now);
      const log = new FakeLog();
      const engine = new FakeEngine(log, time, { poll: 100, cost: (trials, steps) => cost * trials * steps });
      const rate = await measureRate(engine, chainExperiment({ steps: 1_000_000 }), MEMORY);
      expect(rate * (cost / 1000)).toBeGreaterThan(1 / 1.5);
      expect(rate * (cost / 1000)).toBeLessThan(1.5);
      const longer = log.slices.filter(({ milliseconds, steps }) => steps > 1 && milliseconds > 40);
      expect(longer, 'submissions longer than a frame').toEqual([]);
    },
  );

  test('is the harmonic mean over the arms', async () => {
    const time = new FakeTime();
    vi.spyOn(performance, 'now').mockImplementation(() => time.now);
    const log = new FakeLog();
    // The steps of the arm with batch norm take three times as long.
    const cost = (trials: number, steps: number, { layers }: Plan) =>
      (layers.some(({ normalized }) => normalized) ? 0.03 : 0.01) * trials * steps;
    const rate = await measureRate(
      new FakeEngine(log, time, { cost }),
      chainExperiment({ steps: 1_000_000 }),
      MEMORY,
    );
    expect(rate).toBeCloseTo(50_000, 6);
  });

  test('takes no more trials than fit', async () => {
    const time = new FakeTime();
    vi.spyOn(performance, 'now').mockImplementation(() => time.now);
    const log = new FakeLog();
    class Small extends FakeEngine {
      override needs(): Needs {
        return { ...super.needs(), most: 5 };
      }
    }
    const cost = (trials: number, steps: number) => 0.1 * trials * steps;
    const rate = await measureRate(
      new Small(log, time, { cost }),
      chainExperiment({ steps: 1_000_000 }),
      MEMORY,
    );
    expect(log.mostOpenTrials).toBe(2 * 5);
    expect(rate).toBeCloseTo(10_000, 6);
  });

  test('closes what it has opened when an arm cannot be', async () => {
    const log = new FakeLog();
    class Half extends FakeEngine {
      override open(input: WaveInput): Promise<Wave> {
        const normalized = input.plan.layers.some((layer) => layer.normalized);
        return normalized ? Promise.reject(new Error('no room')) : super.open(input);
      }
    }
    const engine = new Half(log, new FakeTime());
    await expect(measureRate(engine, chainExperiment({ steps: 1_000_000 }), MEMORY)).rejects.toThrow(
      'no room',
    );
    expect([log.opened.length, log.openWaves]).toEqual([1, 0]);
  });
});
