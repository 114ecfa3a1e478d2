import { describe, expect, test } from 'vitest';
import { axisValues } from '../../../src/experiment/axes';
import { presetExperiment } from '../../../src/experiment/presets';
import type { Experiment } from '../../../src/experiment/types';
import { withSide } from '../../../src/service/grid_choice';
import { axisPosition } from '../../../src/view/axis_ticks';
import { withSetting } from '../../../src/ui/experiment/edit_experiment';
import { predictedSlope, predictionsOf } from '../../../src/ui/reading/predictions';

const chain = withSide(presetExperiment('chain'), 32);
const changed = (...settings: readonly (readonly [string, unknown])[]) =>
  settings.reduce<Experiment>((experiment, [path, value]) => withSetting(experiment, path, value), chain);
function withAxis(experiment: Experiment, name: 'x' | 'y', parameter: string): Experiment {
  const { axes } = experiment;
  return { ...experiment, axes: { ...axes, [name]: { ...axes[name]!, parameter } } };
}
const formulas = (experiment: Experiment, arm: number) =>
  predictionsOf(experiment, arm).map(({ formula }) => formula);

describe('Goodfellow’s chain', () => {
  test('without batch norm has a largest stable rate, and a power of large gains', () => {
    const [stable, outwards, ...others] = predictionsOf(chain, 0);
    expect(others).toEqual([]);
    expect(stable!.constant).toBeCloseTo(0.4, 12);
    expect(outwards!.constant).toBeUndefined();
    // A vertical line at 2/5, over the whole height.
    const at = axisPosition(chain.axes.x, 0.4);
    const [line] = stable!.lines;
    for (const [x] of line!) expect(x).toBeCloseTo(at, 12);
    expect([line![0]![1], line!.at(-1)![1]]).toEqual([expect.closeTo(0, 12), expect.closeTo(1, 12)]);
    // Only where the product of the weights is large beside the target.
    const gains = axisValues(chain.axes.y!);
    const large = gains.filter((gain) => gain ** 5 >= 2);
    const [curve, ...rest] = outwards!.lines;
    expect(rest).toEqual([]);
    expect(curve!.slice(1, -1)).toHaveLength(large.length);
    for (const [i, [x, y]] of curve!.slice(1, -1).entries()) {
      expect(x).toBeCloseTo(axisPosition(chain.axes.x, 2 / large[i]! ** 8), 9);
      expect(y).toBeCloseTo(axisPosition(chain.axes.y!, large[i]!), 9);
    }
  });

  test('with batch norm has a largest rate of 1, or of 2 where γ and β are frozen', () => {
    expect(predictionsOf(chain, 1).map(({ constant }) => constant)).toEqual([1]);
    const frozen = changed(['model.normalization.affine', 'frozen']);
    expect(predictionsOf(frozen, 1).map(({ constant }) => constant)).toEqual([2]);
  });

  test('follows depth, target and the scale of the inputs', () => {
    const y = { parameter: 'model.depth', scale: 'linear', from: 1, to: 9, count: 9 } as const;
    const deep = { ...changed(['model.initialization.gain', 1]), axes: { x: chain.axes.x, y } };
    const [stable] = predictionsOf(deep, 0);
    const places = stable!.lines[0]!.slice(1, -1).map(([x]) => x);
    for (const [i, x] of places.entries()) expect(x).toBeCloseTo(axisPosition(deep.axes.x, 2 / (i + 2)), 9);
    // s = 4 and t = 3/2: 2/(4·5·1.5^1.6)
    const scaled = changed(['data.target', 3], ['data.inputScale', 2]);
    expect(predictionsOf(scaled, 0)[0]!.constant).toBeCloseTo(2 / (20 * 1.5 ** 1.6), 12);
    expect(predictionsOf(scaled, 1)[0]!.constant).toBeCloseTo(1 / 3, 12);
  });

  test('is drawn the same with the axes exchanged, and without a second axis', () => {
    const { x, y } = chain.axes;
    const turned = { ...chain, axes: { x: y!, y: x } };
    const lines = predictionsOf(chain, 0)[1]!.lines;
    expect(predictionsOf(turned, 0)[1]!.lines).toEqual(lines.map((line) => line.map(([a, b]) => [b, a])));
    const [single] = predictionsOf({ ...chain, axes: { x } }, 0);
    expect(single!.lines[0]!.map(([, place]) => place)).toEqual([0, 0.5, 1]);
  });

  test.each<readonly [string, unknown]>([
    ['optimizer.momentum', 0.9],
    ['optimizer.weightDecay', 0.1],
    ['optimizer.batch', 8],
    ['model.activation', 'tanh'],
    ['model.bias', true],
    ['model.hidden', [1, 2, 1, 1]],
    ['model.initialization.type', 'he'],
    ['data.noise', 0.1],
    ['data.inputShift', 1],
    ['data.target', -1],
    ['loss', 'mse'],
  ])('is no such chain with %s %j', (path, value) => {
    expect(formulas(changed([path, value]), 0)).not.toContain('η = 2/(s·d·|t|^{2−2/d})');
  });

  test('nothing is predicted over axes without the learning rate', () => {
    expect(predictionsOf(withAxis(chain, 'x', 'optimizer.learningRate[0]'), 0)).toEqual([]);
  });
});

test('the divergence edge has a slope where the gain multiplies every weight of a homogeneous network', () => {
  const testBed = presetExperiment('init-gain');
  expect([0, 1].map((arm) => predictedSlope(testBed, arm))).toEqual([-8, undefined]);
  expect(predictedSlope(chain, 0)).toBe(-8);
  expect(predictedSlope(withSetting(testBed, 'model.hidden', [16]), 0)).toBe(-2);
  for (const [path, value] of [
    ['model.activation', 'tanh'],
    ['model.bias', true],
  ] as const)
    expect(predictedSlope(withSetting(testBed, path, value), 0)).toBeUndefined();
  expect(predictedSlope(withAxis(testBed, 'y', 'data.inputScale'), 0)).toBeUndefined();
  for (const other of ['depth', 'sigmoid-two-layer', 'sohl-dickstein'])
    expect(predictedSlope(presetExperiment(other), 0)).toBeUndefined();
});
