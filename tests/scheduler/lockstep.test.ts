import { expect, test } from 'vitest';
import { InfeasibleError } from '../../src/scheduler/feasible';
import { Lockstep } from '../../src/scheduler/lockstep';
import { TrialSource } from '../../src/scheduler/trial_source';
import { EngineLostError, type Engine } from '../../src/training/engine';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { runSweep } from '../sweeps';
import { chainExperiment } from './chain_experiment';
import { FakeEngine, FakeLog, FakeTime, TRIAL_BYTES } from './fake_engine';

const STEPS = 12;
const experiment = chainExperiment({ nx: 5, ny: 3, steps: STEPS });
const source = new TrialSource(experiment);
const MEMORY = 2 ** 20;

function lockstep(engines: () => Engine = () => new ReferenceEngine(), memory = MEMORY) {
  const words: string[] = [];
  let made = 0;
  const makeEngine = async () => {
    made += 1;
    return engines();
  };
  return {
    lockstep: new Lockstep(source, makeEngine, memory, (text) => words.push(text)),
    words,
    made: () => made,
  };
}

const expected = runSweep(experiment, async () => new ReferenceEngine(), { tracing: true });

/** The loss of every trial at a step as its own trace tells it, the last one where it had ended; and where it had diverged by then. */
async function told(step: number) {
  const { traces, results } = await expected;
  const trials = Array.from({ length: source.grid.trials }, (_, trial) => trial);
  return {
    loss: trials.map((trial) => {
      const { loss } = traces.get(trial)!;
      return Math.fround(loss[Math.min(step, loss.length - 1)]!);
    }),
    divergedAt: trials.map((trial) => {
      const at = results.divergedAt[trial]!;
      return at >= 0 && at <= step ? at : -1;
    }),
  };
}

test('at every step all trials stand where their own traces say, by single steps and by leaps', async () => {
  for (const steps of [Array.from({ length: STEPS }, (_, step) => step), [0, 5, STEPS - 1]]) {
    const { lockstep: together } = lockstep();
    for (const step of steps) {
      const frame = (await together.to(step))!;
      expect({ loss: [...frame.loss], divergedAt: [...frame.divergedAt] }).toEqual(await told(step));
      expect(frame.step).toBe(step);
    }
    together.close();
  }
  expect(new Set((await told(STEPS - 1)).divergedAt).size).toBeGreaterThan(2);
});

test('trials of other plans, with other numbers of steps, stand still at their ends', async () => {
  const axes = { ...experiment.axes, y: { parameter: 'optimizer.steps', scale: 'linear', from: 4, to: 8 } };
  const uneven = chainExperiment({ steps: 6 }, { axes: { x: { ...axes.x }, y: { ...axes.y, count: 2 } } });
  const { traces } = await runSweep(uneven, async () => new ReferenceEngine(), { tracing: true });
  const together = new Lockstep(
    new TrialSource(uneven),
    async () => new ReferenceEngine(),
    MEMORY,
    () => undefined,
  );
  const { loss } = (await together.to(7))!;
  expect([...loss]).toEqual(Array.from(loss, (_, trial) => Math.fround(traces.get(trial)!.loss.at(-1)!)));
  expect(new Set(Array.from(traces.values(), (trace) => trace.loss.length))).toContain(8);
  together.close();
});

test('on a new device the trials come as far again', async () => {
  let slices = 0;
  const {
    lockstep: together,
    words,
    made,
  } = lockstep(() => {
    const engine = new ReferenceEngine();
    const open = engine.open.bind(engine);
    engine.open = async (input) => {
      const wave = await open(input);
      const run = wave.run.bind(wave);
      wave.run = async (steps) => {
        slices += 1;
        if (slices === 4) throw new EngineLostError('lost');
        return run(steps);
      };
      return wave;
    };
    return engine;
  });
  for (const step of [0, 2, 7]) {
    const frame = (await together.to(step))!;
    expect([...frame.loss]).toEqual((await told(step)).loss);
  }
  expect(made()).toBe(2);
  expect(words).toEqual([expect.stringMatching(/lost\. Trained again on a new device\.$/)]);
});

test('trials that do not fit the memory together are refused, with a grid that does', async () => {
  const { trials } = source.grid;
  const fake = () => new FakeEngine(new FakeLog(), new FakeTime());
  const fitting = lockstep(fake, trials * (TRIAL_BYTES + 1000));
  expect(await fitting.lockstep.to(0)).toBeDefined();
  const { lockstep: together } = lockstep(fake, (trials / 4) * TRIAL_BYTES + 200);
  await expect(together.to(0)).rejects.toThrow(InfeasibleError);
  await expect(together.to(0)).rejects.toThrow(
    'grid: found 5 × 3 cells, whose 60 trials cannot all be in memory at once; allowed: about 2 × 1 cells, in 0 MiB',
  );
});

test('closed, it gives everything back, at once or when what is under way ends', async () => {
  const log = new FakeLog();
  let close = () => {};
  const { lockstep: together } = lockstep(
    () => new FakeEngine(log, new FakeTime(), { onSlice: () => close() }),
  );
  await together.to(0);
  expect(log.openWaves).toBeGreaterThan(0);
  close = () => together.close();
  expect(await together.to(9)).toBeUndefined();
  expect(log.openWaves).toBe(0);
  expect(await together.to(10)).toBeUndefined();
});
