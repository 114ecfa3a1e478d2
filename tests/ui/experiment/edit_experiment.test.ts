import { expect, test } from 'vitest';
import { parseExperiment } from '../../../src/experiment/parse';
import { presetExperiment, PRESETS } from '../../../src/experiment/presets';
import { axisFor, axisParameters } from '../../../src/ui/experiment/axis_choices';
import { withSetting } from '../../../src/ui/experiment/edit_experiment';
import { withSide } from '../../../src/service/grid_choice';
import { presetOf } from '../../../src/ui/experiment/preset_of';

const experiment = presetExperiment('init-gain');

test('one setting changes, and nothing else', () => {
  const changed = withSetting(experiment, 'optimizer.steps', 50);
  expect(changed).toEqual({ ...experiment, optimizer: { ...experiment.optimizer, steps: 50 } });
});

test('depth and width shape the hidden layers', () => {
  expect(withSetting(experiment, 'model.depth', 2).model.hidden).toEqual([16, 16]);
  expect(withSetting(experiment, 'model.width', 8).model.hidden).toEqual([8, 8, 8, 8]);
});

test('data of two classes brings its two inputs, and leaving it the loss that it alone allows', () => {
  const moons = withSetting(withSetting(experiment, 'data.type', 'moons'), 'loss', 'logistic');
  expect(moons.model.inputs).toBe(2);
  expect(withSetting(moons, 'data.type', 'gaussian').loss).toBe('half-mse');
});

test('a wrong value is refused by its path', () => {
  expect(() => withSetting(experiment, 'optimizer.steps', 'many')).toThrow(/^optimizer\.steps: found "many"/);
});

test('every parameter on offer makes a valid axis', () => {
  for (const parameter of axisParameters(experiment).filter((path) => path !== experiment.axes.x.parameter)) {
    // The rate of one layer cannot vary beside the rate of all.
    const x = parameter.startsWith('optimizer.learningRate[') ? axisFor('data.noise', 4) : experiment.axes.x;
    const axes = { x, y: axisFor(parameter, 4) };
    expect(parseExperiment({ ...experiment, axes }).axes.y?.parameter).toBe(parameter);
  }
});

test('a grid has no more cells along integers than there are', () => {
  const { x, y } = withSide(presetExperiment('depth'), 32).axes;
  expect([x.count, y?.count]).toEqual([32, 16]);
  expect(withSide({ ...experiment, axes: { x: experiment.axes.x } }, 8).axes).toEqual({
    x: { ...experiment.axes.x, count: 8 },
  });
});

test('a preset is recognised on every grid, and no more once changed', () => {
  for (const { id } of PRESETS) expect(presetOf(withSide(presetExperiment(id), 8))).toBe(id);
  expect(presetOf(withSetting(experiment, 'seed', 2))).toBeUndefined();
});
