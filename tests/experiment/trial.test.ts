import { expect, test } from 'vitest';
import { axisValues } from '../../src/experiment/axes';
import { parseTrial } from '../../src/experiment/consistency';
import { PRESETS } from '../../src/experiment/presets';
import { parseExperiment } from '../../src/experiment/parse';
import { baseTrial, trialDocument } from '../../src/experiment/trial';
import { changed, exampleDocument, minimalDocument } from './documents';

test('an arm’s settings, the axes’ values and the replicate’s seed', () => {
  const experiment = parseExperiment({ ...exampleDocument(), seed: 5, replicates: 4 });
  const base = baseTrial(experiment);
  expect(trialDocument(experiment, 0, 3, 0.25, 2)).toEqual({
    ...base,
    model: {
      ...base.model,
      normalization: { ...base.model.normalization, type: 'none' },
      initialization: { type: 'he', gain: 2 },
    },
    optimizer: { ...base.optimizer, learningRate: 0.25 },
    seed: 8,
  });
});

test('arms that change nothing else share everything else', () => {
  const experiment = parseExperiment(exampleDocument());
  const [without, withNorm] = [0, 1].map((arm) => trialDocument(experiment, arm, 0, 1, 1));
  expect(without?.model.normalization.type).toBe('none');
  expect({ ...without, model: null }).toEqual({ ...withNorm, model: null });
});

test('the same trial is the same document, and an experiment of other base has its own', () => {
  const experiment = parseExperiment(exampleDocument());
  const other = { ...experiment, loss: 'mse' as const };
  expect(trialDocument(other, 0, 0, 1, 1).loss).toBe('mse');
  expect(trialDocument(experiment, 0, 0, 1, 1).loss).toBe('half-mse');
  expect(trialDocument(experiment, 0, 0, 1, 1)).toEqual(trialDocument(experiment, 0, 0, 1, 1));
});

test('inline data is shared between trials, not copied', () => {
  const data = { type: 'inline', x: [[1], [2]], y: [[1], [0]] };
  const model = { inputs: 1, hidden: [2], outputs: 1, activation: 'relu' };
  const experiment = parseExperiment({ ...minimalDocument(), model, data });
  const x = [0.1, 0.2]
    .map((rate) => trialDocument(experiment, 1, 0, rate).data)
    .map((of) => 'x' in of && of.x);
  expect(x[0]).toBe(x[1]);
});

test('another type takes the fields of the old one away and brings its own defaults', () => {
  const document = changed(minimalDocument(), [
    [['data'], { type: 'linear', target: 3, samples: 64 }],
    [
      ['arms'],
      [
        { name: 'teacher', set: { 'data.type': 'teacher', 'rule.type': 'sohl-dickstein' } },
        { name: 'linear' },
      ],
    ],
  ]);
  const experiment = parseExperiment(document);
  const trial = trialDocument(experiment, 0, 0, 1);
  expect(trial.data).toEqual({ type: 'teacher', samples: 64, inputScale: 1, inputShift: 0, noise: 0 });
  expect(trial.rule).toEqual({ type: 'sohl-dickstein' });
  expect(trialDocument(experiment, 1, 0, 1).data).toEqual({
    type: 'linear',
    samples: 64,
    target: 3,
    inputScale: 1,
    inputShift: 0,
    noise: 0,
  });
});

test('shapes come first, so that a rate is spread over the layers of the trial', () => {
  const axes = {
    x: { parameter: 'optimizer.learningRate[0]', scale: 'log', from: 0.1, to: 1, count: 3 },
    y: { parameter: 'model.depth', scale: 'linear', from: 1, to: 8, count: 8 },
  };
  const trial = trialDocument(parseExperiment({ ...minimalDocument(), axes }), 0, 0, 0.5, 2);
  expect(trial.model.hidden).toEqual([16, 16]);
  expect(trial.optimizer.learningRate).toEqual([0.5, 0.1, 0.1]);
});

test.each(PRESETS.map((preset) => [preset.id, preset] as const))(
  'every trial of a coarse %s is a valid document as it is',
  (_id, { document }) => {
    const experiment = parseExperiment(document);
    const { x, y } = experiment.axes;
    for (const arm of experiment.arms.keys()) {
      for (const xValue of axisValues({ ...x, count: 4 })) {
        for (const yValue of y ? axisValues({ ...y, count: 4 }) : [undefined]) {
          const trial = trialDocument(experiment, arm, 0, xValue, yValue);
          expect(parseTrial(trial)).toEqual(trial);
        }
      }
    }
  },
);

test('an arm that does not exist', () => {
  expect(() => trialDocument(parseExperiment(exampleDocument()), 2, 0, 1, 1)).toThrow(RangeError);
});
