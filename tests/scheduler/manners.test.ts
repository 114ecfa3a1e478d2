import { afterEach, describe, expect, test, vi } from 'vitest';
import { mannerOf, Manners, shapesIn } from '../../src/scheduler/manners';
import { EngineFaultError, EngineLostError } from '../../src/training/engine';
import { MANY } from '../../src/training/manner';
import type { Plan } from '../../src/training/plan';
import { chainExperiment } from './chain_experiment';
import { FakeEngine, FakeLog, FakeTime, type FakeOptions } from './fake_engine';

const MEMORY = 2 ** 28;
const SHAPES = ['single-32-interleaved-rows', 'workgroup-32-workgroup-rows'] as const;
/** Long enough that another shape is worth the trying. */
const LONG = { steps: 1_000_000 };
/** Milliseconds of a step of a trial, by the manner. */
const costs =
  (by: Readonly<Record<string, number>>) =>
  (trials: number, steps: number, { manner }: Plan) =>
    (by[manner] ?? 0.01) * trials * steps;

/** A step of all trials together, of which a hundred are soon over. */
const short = (_trials: number, steps: number, { manner }: Plan) => (manner === SHAPES[1] ? 1 : 4) * steps;

function fake(options: FakeOptions) {
  const time = new FakeTime();
  vi.spyOn(performance, 'now').mockImplementation(() => time.now);
  const log = new FakeLog();
  return { log, engine: new FakeEngine(log, time, { shapes: SHAPES, ...options }) };
}
afterEach(() => vi.restoreAllMocks());

describe('the shape in which a sweep is trained', () => {
  test('is the one that was measured to be the fastest', async () => {
    const { log, engine } = fake({ cost: costs({ [SHAPES[1]]: 0.004 }) });
    expect(await new Manners().fastest(engine, chainExperiment(LONG), MEMORY)).toBe(SHAPES[1]);
    expect(new Set(log.opened.map(({ plan }) => plan.manner))).toEqual(new Set(['few', SHAPES[1]]));
    expect([log.openWaves, log.inFlight]).toEqual([0, 0]);
    const rates = log.opened.map(({ plan, trials }) => trials[0]!.settings[plan.settings.learningRate]);
    expect(new Set(rates), 'no trial that is timed diverges').toEqual(new Set([0]));
  });

  test.each([
    ['another is hardly faster', LONG, costs({ [SHAPES[1]]: 0.0095 }), 2],
    ['the sweep is too short for trying', { steps: 100 }, short, 1],
  ])('is by size where %s', async (_name, changes, cost, manners) => {
    const { log, engine } = fake({ cost });
    expect(await new Manners().fastest(engine, chainExperiment(changes), MEMORY)).toBe('few');
    expect(new Set(log.opened.map(({ plan }) => plan.manner)).size).toBe(manners);
  });

  test('is by size, and nothing is measured, where an engine has no choice', async () => {
    for (const shapes of [[], [SHAPES[0]]]) {
      const { log, engine } = fake({ shapes });
      expect(await new Manners().fastest(engine, chainExperiment(LONG), MEMORY)).toBe('few');
      expect(log.opened).toEqual([]);
    }
  });

  test('is none with the network written into it where networks are many, each of which would be compiled', async () => {
    const written = 'single-32-interleaved-rows-written';
    const choice = { shapes: [SHAPES[0], written], cost: costs({ [written]: 0.001 }) };
    const manners = new Manners();
    expect(await manners.fastest(fake(choice).engine, chainExperiment(LONG), MEMORY)).toBe(written);
    const depths = { parameter: 'model.depth', scale: 'linear', from: 1, to: 3, count: 3 };
    const many = chainExperiment(LONG, { axes: { x: depths } });
    expect(await manners.fastest(fake(choice).engine, many, MEMORY)).toBe('few');
  });

  test('is measured once for plans and a number of trials', async () => {
    const { log, engine } = fake({});
    const manners = new Manners();
    await manners.fastest(engine, chainExperiment(LONG), MEMORY);
    const opened = log.opened.length;
    await manners.fastest(engine, chainExperiment(LONG), MEMORY);
    expect(log.opened).toHaveLength(opened);
    await manners.fastest(engine, chainExperiment({ ...LONG, replicates: 8 }), MEMORY);
    expect(log.opened.length).toBeGreaterThan(opened);
  });

  test('is not one that computes wrongly there; a lost engine is told', async () => {
    const failing = (error: Error) => {
      const made = fake({ cost: costs({ [SHAPES[1]]: 0.001 }) });
      const open = made.engine.open.bind(made.engine);
      made.engine.open = async (input) => {
        if (input.plan.manner === SHAPES[1]) throw error;
        return open(input);
      };
      return new Manners().fastest(made.engine, chainExperiment(LONG), MEMORY);
    };
    expect(await failing(new EngineFaultError('wrong'))).toBe('few');
    await expect(failing(new EngineLostError('gone'))).rejects.toThrow('gone');
  });
});

test('the shapes of an experiment are the one named, where it fits, or those by size; its manner is known by them', () => {
  const experiment = chainExperiment();
  const { engine } = fake({});
  expect(shapesIn(engine, experiment, SHAPES[1])).toBe(SHAPES[1]);
  expect(shapesIn(engine, experiment, MANY)).toBe(SHAPES[0]);
  expect(shapesIn(engine, experiment, 'workgroup-64-storage-rows')).toBe(SHAPES[0]);
  expect(shapesIn(fake({ shapes: [] }).engine, experiment, SHAPES[1])).toBe('');
  expect(mannerOf(SHAPES[1], 5)).toBe(SHAPES[1]);
  expect([mannerOf(SHAPES.join(', '), 5), mannerOf('', 5000)]).toEqual(['few', MANY]);
});
