import { describe, expect, test } from 'vitest';
import { ACTIVATIONS, namesOf } from '../../../src/experiment/kinds';
import { presetExperiment } from '../../../src/experiment/presets';
import { parseExperiment } from '../../../src/experiment/parse';
import type { Experiment } from '../../../src/experiment/types';
import { consequences } from '../../../src/ui/experiment/consequences';
import { controlsOf } from '../../../src/ui/experiment/controls';
import { withAxis, withSetting } from '../../../src/ui/experiment/edit_experiment';
import { checkGrid, withSide } from '../../../src/service/grid_choice';
import { movedPin } from '../../../src/ui/map/pin';
import { sameTrials } from '../../../src/experiment/same_trials';
import { setElsewhere } from '../../../src/ui/experiment/set_elsewhere';
import { ODD } from './some_experiments';

const first = presetExperiment('init-gain');
const fractal = presetExperiment('sohl-dickstein');
const odd = (name: string): Experiment => new Map(ODD).get(name)!;
const control = (id: string, experiment: Experiment) =>
  controlsOf(experiment).find((candidate) => candidate.id === id)!;
const standing = (id: string, experiment = first) => setElsewhere(experiment, control(id, experiment));

describe('hidden layers', () => {
  test('go and come back as they were', () => {
    const none = withSetting(odd('unequal widths'), 'model.depth', 0);
    expect(none.model.hidden).toEqual([]);
    expect(withSetting(none, 'model.depth', 3, [16, 8]).model.hidden).toEqual([16, 8, 8]);
    expect(withSetting(none, 'model.depth', 2).model.hidden).toEqual([16, 16]);
  });

  test('a width where there are none makes one, a list makes as many as it has', () => {
    const none = odd('no hidden layers');
    expect(withSetting(none, 'model.width', 8).model.hidden).toEqual([8]);
    expect(withSetting(none, 'model.width', [8, 4]).model.hidden).toEqual([8, 4]);
  });

  test('take an even list of rates with them, and it is said', () => {
    const deeper = withSetting(fractal, 'model.depth', 2);
    expect(deeper.optimizer.learningRate).toEqual([1, 1, 1]);
    expect(consequences(fractal, deeper, 'model.depth')).toBe('with it: learning rate η 1, 1, 1');
  });
});

test('a gain for all layers takes the place of gains by layer, and the other way round', () => {
  const gains = odd('gains by layer');
  const one = withSetting(gains, 'model.initialization.gain', 3).model.initialization;
  expect([one.gain, one.gainLayers]).toEqual([3, undefined]);
  const { axes, ...rest } = first;
  const plain = parseExperiment({ ...rest, axes: { x: axes.x } });
  const list = withSetting(plain, 'model.initialization.gain', [1, 2, 3, 4, 5]).model.initialization;
  expect(list.gainLayers).toEqual([1, 2, 3, 4, 5]);
});

test('the axes change places when one is given the parameter of the other', () => {
  const { x, y } = first.axes;
  const swapped = control('axes.x.parameter', first).set(first, y!.parameter);
  expect(swapped.axes).toEqual({ x: y, y: x });
  expect(control('axes.y.parameter', swapped).set(swapped, y!.parameter).axes).toEqual({ x, y });
  expect(consequences(first, swapped, 'axes.x.parameter')).toBe('with it: axis upwards learning rate η');
  expect(withAxis(first, 'y', undefined).axes).toEqual({ x });
});

test('what a choice brings and takes is said', () => {
  const moons = withSetting(first, 'data.type', 'moons');
  expect(consequences(first, moons, 'data.type')).toBe('with it: inputs 2');
  const linear = odd('linear data');
  expect(consequences(linear, withSetting(linear, 'data.type', 'gaussian'), 'data.type')).toBe(
    'without: target',
  );
  const inline = odd('inline weights');
  expect(
    consequences(inline, withSetting(inline, 'model.initialization.type', 'he'), 'model.initialization.type'),
  ).toBe('without: inline weights');
  expect(consequences(first, withSetting(first, 'seed', 2), 'seed')).toBe('');
});

describe('what is set elsewhere', () => {
  test('by an axis: the field stays open, and says so', () => {
    expect(standing('optimizer.learningRate')).toEqual({
      byArms: undefined,
      note: 'set by the axis across: 1e−4 … 10; here, where the crosshair begins',
    });
    expect(standing('optimizer.learningRate', fractal).note).toBe(
      'learning rate of layer 1 is set by the axis across: 0.001 … 1e6; learning rate of layer 2 is set by the axis upwards: 0.001 … 1e6',
    );
    expect(standing('optimizer.steps').note).toBe('');
  });

  test('by every arm: the field shows what they set', () => {
    expect(standing('model.normalization.type')).toEqual({
      byArms: 'none, batch',
      note: 'set by the arms (without batch norm: none; with batch norm: batch)',
    });
  });

  test('by some arms: the field says which', () => {
    const many = odd('arms of many things');
    expect(standing('data.noise', many)).toEqual({ byArms: undefined, note: 'set by arms (other: 0.5)' });
    expect(standing('model.width', many).note).toBe('set by arms (plain: 4)');
    expect(standing('model.depth', many).note).toBe('set by arms (plain: 2; other: 2)');
  });

  test('unequal widths under an axis of depth', () => {
    const depth = withSetting(presetExperiment('depth'), 'model.width', [16, 8]);
    expect(standing('model.width', depth).note).toMatch(
      /^every layer has the first width while the axis upwards/,
    );
  });
});

describe('the trials are the same', () => {
  const renamed = {
    ...first,
    name: 'other',
    arms: first.arms.map((arm) => ({ ...arm, name: `${arm.name}!` })),
  };
  test.each<[string, Experiment]>([
    ['under other names', renamed],
    ['with another value of what an axis sweeps', withSetting(first, 'optimizer.learningRate', 3)],
    ['with another value of what the arms set', withSetting(first, 'model.normalization.type', 'none')],
  ])('%s', (_, other) => expect(sameTrials(first, other)).toBe(true));

  test.each<[string, Experiment]>([
    ['other steps', withSetting(first, 'optimizer.steps', 3)],
    ['another grid', withSide(first, 8)],
    ['axes that changed places', control('axes.x.parameter', first).set(first, first.axes.y!.parameter)],
    ['replicates', parseExperiment({ ...first, replicates: 2 })],
    ['an arm less', parseExperiment({ ...first, arms: first.arms.slice(1) })],
  ])('but not with %s', (_, other) => expect(sameTrials(first, other)).toBe(false));

  test('but not with another width, where depth begins at 0', () => {
    const depth = presetExperiment('depth');
    const { x, y } = depth.axes;
    const from0 = parseExperiment({ ...depth, axes: { x, y: { ...y!, from: 0 } } });
    expect(sameTrials(from0, withSetting(from0, 'model.width', 8))).toBe(false);
    expect(sameTrials(from0, withSetting(from0, 'model.depth', 2))).toBe(true);
  });
});

describe('the crosshair', () => {
  const at = { x: 0.1, y: 2 };
  test('stays at its place when something else changes', () => {
    expect(movedPin(at, first, withSetting(first, 'optimizer.steps', 5))).toEqual(at);
  });
  test('moves to the value entered for what an axis sweeps', () => {
    expect(movedPin(at, first, withSetting(first, 'optimizer.learningRate', 3))).toEqual({ x: 3, y: 2 });
  });
  test('goes with its parameters when the axes change places, and leaves with them', () => {
    const swapped = control('axes.x.parameter', first).set(first, first.axes.y!.parameter);
    expect(movedPin(at, first, swapped)).toEqual({ x: 2, y: 0.1 });
    expect(movedPin(at, first, withAxis(first, 'y', undefined))).toEqual({ x: 0.1 });
    expect(movedPin(at, first, control('axes.y.parameter', first).set(first, 'data.noise'))).toBeUndefined();
  });
});

test('a grid that brings out an end that is wrong is refused', () => {
  const { x } = first.axes;
  const one = parseExperiment({ ...first, axes: { x: { ...x, scale: 'linear', to: -1, count: 1 } } });
  expect(() => checkGrid(one, 'document')).not.toThrow();
  expect(() => checkGrid(one, 2)).toThrow(/^axes\.x\.to: found -1/);
});

test('options keep their order, and hold what a file brought', () => {
  const options = (id: string, experiment: Experiment) => {
    const { options } = control(id, experiment);
    return typeof options === 'object' ? [...options.keys()] : [];
  };
  const tanh = withSetting(first, 'model.activation', 'tanh');
  expect(options('model.activation', tanh)).toEqual(namesOf(ACTIVATIONS));
  expect(options('data.type', odd('inline data'))[0]).toBe('inline');
  expect(options('data.type', first)).not.toContain('inline');
});
