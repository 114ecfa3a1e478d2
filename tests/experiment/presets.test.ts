import { expect, test } from 'vitest';
import { presetExperiment, PRESETS } from '../../src/experiment/presets';
import { trialDocument } from '../../src/experiment/trial';
import { ExperimentError } from '../../src/experiment/types';

test('ids are unique, and the headline comes first', () => {
  expect(new Set(PRESETS.map(({ id }) => id)).size).toBe(PRESETS.length);
  expect(PRESETS[0]?.id).toBe('init-gain');
});

test('every preset compares without and with batch norm, and asks a question', () => {
  for (const { id, name, question } of PRESETS) {
    const experiment = presetExperiment(id);
    const types = experiment.arms.map(
      (_, arm) => trialDocument(experiment, arm, 0, 1, 2).model.normalization.type,
    );
    expect(types).toEqual(['none', 'batch']);
    expect(experiment.name).toBe(name);
    expect(question).toMatch(/\?$/);
  }
});

test('Goodfellow’s chain is five linear weights of one', () => {
  const { model, data } = presetExperiment('chain');
  expect(model).toMatchObject({
    inputs: 1,
    hidden: [1, 1, 1, 1],
    outputs: 1,
    activation: 'identity',
    bias: false,
  });
  expect(data).toMatchObject({ type: 'linear', target: 1 });
});

test('an id that is none', () => {
  expect(() => presetExperiment('toString')).toThrow(ExperimentError);
});
