import { describe, expect, test } from 'vitest';
import { presetExperiment } from '../../../src/experiment/presets';
import { parseExperiment } from '../../../src/experiment/parse';
import { ExperimentError, type Experiment } from '../../../src/experiment/types';
import { controlsOf } from '../../../src/ui/experiment/controls';
import { withSetting } from '../../../src/ui/experiment/edit_experiment';
import { refusal } from '../../../src/ui/experiment/refusal';
import { ODD } from './some_experiments';

const first = presetExperiment('init-gain');
const odd = (name: string): Experiment => new Map(ODD).get(name)!;

interface Case {
  experiment: Experiment;
  id: string;
  text: string;
  expected: string;
}

function words(id: string, text: string, experiment = first): string {
  const control = controlsOf(experiment).find((candidate) => candidate.id === id)!;
  try {
    control.set(experiment, text);
  } catch (error) {
    if (error instanceof ExperimentError) return refusal(control, text, error, experiment.arms).words;
    throw error;
  }
  return 'accepted';
}

describe('an entry that is no value of its field is refused by the label, as it was typed', () => {
  test.each([
    ['optimizer.momentum', '1e400', 'momentum: 1e400 is not allowed; allowed: a number from 0 to 1'],
    ['optimizer.momentum', '0x10', 'momentum: 0x10 is not allowed; allowed: a number from 0 to 1'],
    ['optimizer.momentum', '', 'momentum: an empty entry is not allowed; allowed: a number from 0 to 1'],
    ['optimizer.momentum', '0.1, 0.2', 'momentum: “0.1, 0.2” is not allowed; allowed: a number from 0 to 1'],
    ['optimizer.momentum', '0,5', 'momentum: 0,5 is not allowed; allowed: a number from 0 to 1 (decimals take a point, lists a space after each comma)'],
    ['optimizer.steps', '1 000', 'steps: “1 000” is not allowed; allowed: an integer from 1 to 1000000 (without spaces)'],
    ['optimizer.steps', '20 s', 'steps: “20 s” is not allowed; allowed: an integer from 1 to 1000000 (without a unit)'],
    ['optimizer.learningRate', '1e400', 'learning rate η: 1e400 is not allowed; allowed: a number from 0 to 3.4e38'],
    ['optimizer.batch', 'half', 'batch size: half is not allowed; allowed: "full" or an integer from 1 to 65536'],
    ['model.depth', '64', 'hidden layers: 64 is not allowed; allowed: an integer from 0 to 63'],
    ['model.width', '16, 0', 'width: “16, 0” is not allowed; allowed: an integer from 1 to 512, or a list of one for each hidden layer'],
    ['optimizer.learningRateNorm', '-1', 'learning rate of γ and β: -1 is not allowed; allowed: a number from 0 to 3.4e38, or "same", which is each layer’s own η'],
    ['model.width', Array(64).fill(1).join(', '), expect.stringMatching(/; allowed: a list of 0 to 63 widths$/)],
    ['data.noise', '1e-400', 'target noise: 1e-400 is not allowed; allowed: a number from 0 to 3.4e38 (this one is too small to be told from 0)'],
    ['axes.x.from', '0', 'axis across, from: 0 is not allowed; allowed: a number above 0, on a log scale'],
    ['replicates', 'many', 'replicates: many is not allowed; allowed: an integer from 1 to 4096'],
  ])('%s %j', (id, text, expected) => expect(words(id, text)).toEqual(expected)); // prettier-ignore

  test('a long one is quoted in part', () => {
    expect(words('seed', '9'.repeat(500))).toBe(
      `seed: ${'9'.repeat(79)}… is not allowed; allowed: an integer from 0 to 4294967295`,
    );
  });
});

describe('an entry that contradicts another field names that one by its label too', () => {
  test.each([
    [first, 'loss', 'logistic', 'loss: logistic is not allowed; allowed: "mse" or "half-mse", since the targets of data "teacher" are not 0 or 1'],
    [odd('two classes'), 'model.inputs', '3', 'inputs: 3 is not allowed; allowed: 2, with data "moons"'],
    [odd('two classes'), 'data.noise', '1', 'target noise: 1 is not allowed; allowed: 0, with loss "logistic"'],
    [odd('rates by layer'), 'model.depth', '2', 'hidden layers: 2 is not allowed: with it, learning rate η must be one number, or a list of 3 numbers, one for each weight layer'],
    [odd('inline data'), 'model.inputs', '3', 'inputs: 3 is not allowed: with it, inline inputs of row 1 must be a list of 3 numbers (inputs)'],
    [odd('inline weights'), 'model.depth', '1', 'hidden layers: 1 is not allowed: with it, inline weights must be a list of 2 matrices, one a layer'],
    [first, 'axes.y.parameter', 'optimizer.learningRate[0]', 'axis upwards: “learning rate of layer 1” is not allowed; allowed: a parameter independent of axis across (learning rate η)'],
    [presetExperiment('sohl-dickstein'), 'axes.x.parameter', 'optimizer.learningRate', 'axis across: “learning rate η” is not allowed: with it, axis upwards must be a parameter independent of axis across (learning rate η) (it is learning rate of layer 2)'],
    [odd('arms of many things'), 'axes.y.parameter', 'data.noise', 'axis upwards: “target noise” is not allowed: arm “other” sets it'],
    [withSetting(odd('arms of many things'), 'data.type', 'moons'), 'loss', 'logistic', 'loss: logistic is not allowed: with it, what arm “other” sets must be 0, with loss "logistic" (it is 0.5)'],
    [presetExperiment('depth'), 'model.depth', '0', 'hidden layers: 0 is not allowed: with it, the axis upwards would have no hidden layers to sweep'],
    [parseExperiment({ ...first, axes: { x: first.axes.x, y: { parameter: 'model.inputs', scale: 'linear', from: 2, to: 4, count: 3 } } }), 'data.type', 'moons', 'data: moons is not allowed: with it, the axis upwards may sweep only 2, with data "moons"'],
  ].map(([experiment, id, text, expected]) => ({ experiment, id, text, expected }) as Case))('$id $text', ({ experiment, id, text, expected }) => expect(words(id, text, experiment)).toBe(expected)); // prettier-ignore
});
