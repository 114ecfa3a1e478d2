import { describe, expect, test } from 'vitest';
import { bestConstantLoss, makeData } from '../../src/experiment/data';
import { initialParameters } from '../../src/experiment/initialization';
import type { TrialDocument } from '../../src/experiment/types';
import { planOf } from '../../src/training/planner';
import { WaveInputs } from '../../src/training/wave_input';
import { trialWith } from '../experiment/documents';

const base = trialWith(
  [['model', 'hidden'], [3]],
  [['model', 'bias'], true],
  [['model', 'normalization'], { type: 'batch', epsilon: 0.25 }],
  [['data', 'samples'], 5],
  [['optimizer', 'momentum'], 0.5],
  [['optimizer', 'weightDecay'], 0.125],
);
const plan = planOf(base);

function changed(change: (trial: TrialDocument) => void): TrialDocument {
  const trial = structuredClone(base);
  change(trial);
  return trial;
}

/** Which data set and which initial vector each trial has. */
function indices(documents: readonly TrialDocument[]) {
  const { datasets, initials, trials } = new WaveInputs().of(planOf(documents[0]!), documents);
  expect(new Set(datasets).size).toBe(datasets.length);
  expect(new Set(initials).size).toBe(initials.length);
  return trials.map(({ dataset, initial }) => [dataset, initial]);
}

describe('trials share', () => {
  test('data and initial parameters, where they differ in how they train', () => {
    const rate = changed(({ optimizer }) => (optimizer.learningRate = 7));
    const gain = changed(({ model }) => (model.initialization.gain = 7));
    const epsilon = changed(({ model }) => (model.normalization.epsilon = 7));
    expect(indices([base, rate, gain, epsilon])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  test('initial parameters only, where they differ in their data', () => {
    const scaled = changed(({ data }) => (data.inputScale = 2));
    expect(indices([base, scaled, base])).toEqual([
      [0, 0],
      [1, 0],
      [0, 0],
    ]);
  });

  test('data only, where they differ in their initialization', () => {
    const glorot = changed(({ model }) => (model.initialization.type = 'glorot'));
    expect(indices([base, glorot])).toEqual([
      [0, 0],
      [0, 1],
    ]);
  });

  test('neither, where they differ in their seed', () => {
    const other = changed((trial) => (trial.seed = 9));
    expect(indices([base, other, base])).toEqual([
      [0, 0],
      [1, 1],
      [0, 0],
    ]);
  });

  test('inline data, where it is the same array', () => {
    const inline = (x: number[][]) =>
      trialWith([['model', 'inputs'], 1], [['data'], { type: 'inline', x, y: [[1], [0]] }]);
    const one = inline([[1], [2]]);
    const two = inline([[1], [3]]);
    const faster = { ...one, optimizer: { ...one.optimizer, learningRate: 7 } };
    expect(indices([one, two, faster]).map(([dataset]) => dataset)).toEqual([0, 1, 0]);
  });

  test('what was made for an earlier wave', () => {
    const inputs = new WaveInputs();
    const [first, second] = [
      inputs.of(plan, [base]),
      inputs.of(plan, [changed(({ optimizer }) => (optimizer.momentum = 0))]),
    ];
    expect(second.datasets[0]).toBe(first.datasets[0]);
    expect(second.initials[0]).toBe(first.initials[0]);
  });
});

describe('a wave with a budget', () => {
  const seeds = Array.from({ length: 20 }, (_, seed) => changed((trial) => (trial.seed = seed)));
  const grown = (bytes: number, trial: number, documents = seeds) => {
    const needs = { trial, wave: 1000, initial: 64 * plan.parameters };
    const wave = new WaveInputs().begin(plan, { bytes, needs });
    const taken = documents.map((document) => wave.add(document));
    expect(taken).toEqual(taken.toSorted((a, b) => Number(b) - Number(a)));
    expect(wave.trials).toHaveLength(taken.filter(Boolean).length);
    return wave;
  };

  test('takes as many trials as fit with their data and initial parameters', () => {
    const [data] = grown(Infinity, 0).datasets;
    const each = 10_000 + 64 * plan.parameters + data!.x.byteLength + data!.y.byteLength;
    expect(grown(1000 + 7 * each, 10_000).trials).toHaveLength(7);
    expect(grown(1000 + 7 * each - 1, 10_000).trials).toHaveLength(6);
  });

  test('takes more of trials that share them', () => {
    const rates = seeds.map((_, rate) => changed(({ optimizer }) => (optimizer.learningRate = 1 + rate)));
    const [some, more] = [grown(50_000, 3000), grown(50_000, 3000, rates)];
    expect(more.trials.length).toBeGreaterThan(some.trials.length);
    expect([more.datasets.length, more.initials.length]).toEqual([1, 1]);
  });

  test('takes one trial, however large', () => {
    expect(grown(1, 1e12).trials).toHaveLength(1);
  });
});

test('the data, its best constant and the seed are those of the document', () => {
  const inputs = new WaveInputs();
  const { datasets, trials } = inputs.of(plan, [base]);
  expect(datasets).toEqual([makeData(base)]);
  expect(trials[0]!.settings[plan.settings.bestConstant]).toBe(bestConstantLoss(makeData(base), base.loss));
  expect(trials[0]!.seed).toBe(base.seed);
});

test('the initial parameters lie where the plan says, before the gain', () => {
  const withGain = changed(({ model }) => (model.initialization.gain = 3));
  const vector = new WaveInputs().of(plan, [withGain]).initials[0]!;
  const { weights, biases, gammas, betas } = initialParameters(base.model, base.seed);
  const parts = [weights[0]!, biases[0]!, gammas[0]!, betas[0]!, weights[1]!, biases[1]!];
  expect([...vector]).toEqual(parts.flatMap((part) => [...part]));
});

test('a row of settings holds the scalars of its trial', () => {
  const trial = changed(({ optimizer, model }) => {
    optimizer.learningRate = [0.1, 0.2];
    optimizer.learningRateNorm = 0.3;
    model.initialization.gainLayers = [5, 6];
    model.preactivationGain = 4;
  });
  const row = new WaveInputs().of(plan, [trial]).trials[0]!.settings;
  const at = plan.settings;
  expect(row).toHaveLength(at.length);
  expect(row[at.epsilon]).toBe(0.25);
  expect(row[at.preactivationGain]).toBe(4);
  expect(row[at.momentum]).toBe(0.5);
  expect(row[at.weightDecay]).toBe(0.125);
  expect(row[at.divergence]).toBe(1000);
  expect(row[at.bestConstant]).toBe(bestConstantLoss(makeData(trial), trial.loss));
  const layers = (first: number) => [...row.subarray(first, first + 2)];
  expect(layers(at.learningRate)).toEqual([0.1, 0.2]);
  expect(layers(at.learningRateNorm)).toEqual([0.3, 0.3]);
  expect(layers(at.gain)).toEqual([5, 6]);
});

test('γ and β learn as their layer does, unless they have a rate of their own', () => {
  const trial = changed(({ optimizer }) => (optimizer.learningRate = [0.1, 0.2]));
  const row = new WaveInputs().of(plan, [trial]).trials[0]!.settings;
  const first = plan.settings.learningRateNorm;
  expect([...row.subarray(first, first + 2)]).toEqual([0.1, 0.2]);
});
