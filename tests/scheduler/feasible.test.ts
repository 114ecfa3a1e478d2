import { describe, expect, test } from 'vitest';
import { gridOf } from '../../src/experiment/axes';
import { checkNetworks, checkTrials, InfeasibleError } from '../../src/scheduler/feasible';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { chainExperiment } from './chain_experiment';
import { FakeEngine, FakeLog, FakeTime, TRIAL_BYTES } from './fake_engine';

const MEBIBYTE = 2 ** 20;

test('more trials than the memory holds are refused, with what they would need and what is there', () => {
  const grid = gridOf(chainExperiment({ nx: 4096, ny: 4096, replicates: 8 }));
  expect(grid.trials).toBe(2 ** 28);
  expect(() => checkTrials(grid, 8 * 2 ** 30)).toThrow(
    new InfeasibleError(
      'axes: found 268435456 trials (2 arms × 8 replicates × 4096 × 4096), which need 32,768 MiB of memory; allowed: 67108864 trials, with 8,192 MiB here',
    ),
  );
  expect(() => checkTrials(grid, 32 * 2 ** 30)).not.toThrow();
});

describe('a network', () => {
  const wide = chainExperiment(
    {},
    {
      model: { inputs: 8, hidden: [64, 64], outputs: 1, activation: 'relu' },
      data: { type: 'gaussian', samples: 2500 },
    },
  );

  test('is refused where one trial of it does not fit the memory, with what it needs', () => {
    const engine = new ReferenceEngine();
    expect(() => checkNetworks(engine, wide, MEBIBYTE)).toThrow(
      /^memory: found 1 MiB, allowed: at least 10 MiB, for one trial of 3 layers of up to 64 units on 2500 samples \(reference engine\)$/,
    );
    expect(() => checkNetworks(engine, wide, 10 * MEBIBYTE)).not.toThrow();
  });

  test('is looked at in the largest of its sizes, wherever on an axis that is', () => {
    const growing = (from: number, to: number) =>
      chainExperiment(
        {},
        {
          model: { inputs: 8, hidden: [4], outputs: 1, activation: 'relu' },
          data: { type: 'gaussian', samples: 1000 },
          axes: {
            x: { parameter: 'optimizer.learningRate', scale: 'log', from: 0.1, to: 1, count: 3 },
            y: { parameter: 'model.width', scale: 'linear', from, to, count: 5 },
          },
        },
      );
    const engine = new ReferenceEngine();
    for (const [from, to] of [
      [4, 400],
      [400, 4],
    ] as const)
      expect(() => checkNetworks(engine, growing(from, to), 8 * MEBIBYTE)).toThrow(/up to 400 units/);
  });

  test('has a share of the memory, and the words are about all of it', () => {
    const engine = new ReferenceEngine();
    expect(() => checkNetworks(engine, wide, 16 * MEBIBYTE, { share: 1 / 2 })).toThrow(
      /^memory: found 16 MiB, allowed: at least 19 MiB, /,
    );
    expect(() => checkNetworks(engine, wide, 19 * MEBIBYTE, { share: 1 / 2 })).not.toThrow();
  });

  test('is looked at where it is traced longest', () => {
    const axis = { parameter: 'optimizer.steps', scale: 'linear', from: 10, to: 200_000, count: 3 };
    const longer = chainExperiment({}, { axes: { x: axis } });
    expect(() => checkNetworks(new ReferenceEngine(), longer, 2 * MEBIBYTE, { tracing: true })).toThrow(
      /traced/,
    );
  });

  test('needs more where it is traced', () => {
    const long = chainExperiment({ steps: 200_000 });
    const engine = new ReferenceEngine();
    expect(() => checkNetworks(engine, long, 2 * MEBIBYTE)).not.toThrow();
    expect(() => checkNetworks(engine, long, 2 * MEBIBYTE, { tracing: true })).toThrow(/traced \(reference/);
  });

  test('is refused where the buffers of the adapter are too small for one trial', () => {
    class Small extends FakeEngine {
      override needs() {
        return { ...super.needs(), most: 0 };
      }
    }
    expect(() =>
      checkNetworks(new Small(new FakeLog(), new FakeTime()), wide, 2 * TRIAL_BYTES * MEBIBYTE),
    ).toThrow(
      /^model: found 3 layers .*, of which one trial needs 1 MiB; allowed: what fits the buffers of none$/,
    );
  });
});
