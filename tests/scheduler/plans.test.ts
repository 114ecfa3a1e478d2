import { describe, expect, test } from 'vitest';
import { ACTIVATIONS, namesOf } from '../../src/experiment/kinds';
import { cellOf } from '../../src/experiment/axes';
import { parseExperiment } from '../../src/experiment/parse';
import type { Experiment, TrialDocument } from '../../src/experiment/types';
import { TrialSource } from '../../src/scheduler/trial_source';
import { planKey } from '../../src/training/plan';
import { numbers } from '../kernel_harness';
import { ENGINES, runSweep } from '../sweeps';

/** Every parameter that a trial of the networks below can vary, and its range. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  'optimizer.learningRate': [0.01, 2],
  'optimizer.learningRate[1]': [0.01, 2],
  'optimizer.learningRateNorm': [0.01, 2],
  'optimizer.momentum': [0, 0.9],
  'optimizer.weightDecay': [0, 0.1],
  'optimizer.batch': [1, 12],
  'optimizer.steps': [1, 6],
  'model.initialization.gain': [0.3, 3],
  'model.initialization.gainLayers[0]': [0.3, 3],
  'model.normalization.epsilon': [1e-6, 1],
  'model.preactivationGain': [1, 2],
  'model.depth': [0, 3],
  'model.width': [1, 6],
  'model.inputs': [1, 4],
  'model.outputs': [1, 3],
  'model.hidden[0]': [1, 5],
  'data.samples': [3, 12],
  'data.inputScale': [0.1, 4],
  'data.inputShift': [-1, 1],
  'data.noise': [0, 1],
  'rule.divergence': [2, 1000],
  'rule.target': [0.1, 0.9],
  'rule.window': [1, 6],
  seed: [1, 9],
};
const PARAMETERS = Object.keys(RANGES);

function experimentOf(x: string, y: string, activation: string): Experiment {
  const axis = (parameter: string) => {
    const [from, to] = RANGES[parameter]!;
    return { parameter, scale: 'linear', from, to, count: 3 };
  };
  return parseExperiment({
    format: 'normscape/experiment',
    version: 1,
    model: { inputs: 2, hidden: [4, 4], outputs: 1, activation },
    data: { type: 'gaussian', samples: 8 },
    loss: 'half-mse',
    optimizer: { learningRate: 0.1, steps: 5 },
    axes: { x: axis(x), y: axis(y) },
    arms: ['none', 'batch'].map((type) => ({ name: type, set: { 'model.normalization.type': type } })),
    rule: { type: 'threshold', divergence: 100, target: 0.5, window: 3 },
  });
}

/** Pairs that an experiment may have: a parameter of a layer needs the layer, wherever the other axis goes. */
function pairs(count: number): [string, string, string][] {
  const random = numbers(31).uniform(1000, 0, 1);
  let next = 0;
  const pick = <Choice>(choices: readonly Choice[]) =>
    choices[Math.floor(random[next++ % random.length]! * choices.length)]!;
  const found = new Map<string, [string, string, string]>();
  while (found.size < count) {
    const [x, y, activation] = [pick(PARAMETERS), pick(PARAMETERS), pick(namesOf(ACTIVATIONS))];
    try {
      experimentOf(x, y, activation);
      found.set(`${x} ${y}`, [x, y, activation]);
    } catch {
      // Such as two axes of one parameter.
    }
  }
  return [...found.values()];
}

/** A trial as an experiment of its own. */
function alone(document: TrialDocument): Experiment {
  const seed = {
    parameter: 'seed',
    scale: 'linear',
    from: document.seed,
    to: document.seed,
    count: 1,
  } as const;
  return {
    ...document,
    format: 'normscape/experiment',
    version: 1,
    name: 'alone',
    replicates: 1,
    measures: [],
    axes: { x: seed },
    arms: [{ name: 'alone', set: {} }],
  };
}

describe('a trial is what it would be alone', () => {
  test.each(pairs(60))('%s × %s, %s', async (x, y, activation) => {
    const experiment = experimentOf(x, y, activation);
    const source = new TrialSource(experiment);
    const { results } = await runSweep(experiment, ENGINES.reference);
    for (let trial = 0; trial < source.grid.trials; trial += 1) {
      const document = source.document(trial);
      expect(planKey(source.document(source.samePlan(trial)))).toBe(planKey(document));
      const { results: own } = await runSweep(alone(document), ENGINES.reference);
      const { ix, iy } = cellOf(source.grid, trial);
      for (const column of ['class', 'score', 'lossInitial', 'lossFinal', 'lossMin', 'divergedAt'] as const)
        expect(results[column][trial], `${column} at ${ix}, ${iy}`).toBe(own[column][0]);
    }
  });
});

test('a width counts from the first layer on, though the first depth has none', async () => {
  const experiment = parseExperiment({
    format: 'normscape/experiment',
    version: 1,
    model: { inputs: 2, hidden: [4], outputs: 1, activation: 'tanh' },
    data: { type: 'teacher', samples: 16 },
    loss: 'half-mse',
    optimizer: { learningRate: 0.1, steps: 50 },
    axes: {
      x: { parameter: 'model.depth', scale: 'linear', from: 0, to: 2, count: 3 },
      y: { parameter: 'model.width', scale: 'linear', from: 1, to: 8, count: 2 },
    },
    arms: [{ name: 'a', set: { 'model.normalization.type': 'none' } }],
  });
  const { results } = await runSweep(experiment, ENGINES.reference);
  const [, narrow, , , wide] = results.lossInitial;
  expect(narrow).toBeCloseTo(0.6798, 4);
  expect(wide).toBeCloseTo(0.6954, 4);
});
