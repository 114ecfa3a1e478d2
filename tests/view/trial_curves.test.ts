import { expect, test } from 'vitest';
import { gridOf } from '../../src/experiment/axes';
import { presetExperiment } from '../../src/experiment/presets';
import type { Trace } from '../../src/scheduler/trace';
import { curveOf, rateOf, ratesOf } from '../../src/view/trial_curves';

const of = (...values: number[]) => Float64Array.from(values);
const trace: Trace = {
  loss: of(1, 2),
  gradientNorm: of(3, 4),
  weightNorm: of(2, 4),
  layers: [
    { gradientNorm: of(1, 1), weightNorm: of(0.5, 1) },
    { gradientNorm: of(2, 2), weightNorm: of(1, 2) },
  ],
};
const activations = { steps: of(0, 5), layers: [{ mean: of(0.1, 0.2), variance: of(1, 2) }] };

test('the effective learning rate is η/‖w‖², of a layer by its own rate and of all by the largest', () => {
  expect(curveOf('rate', 1, [0.1, 0.4], trace, undefined)).toEqual({ values: of(0.4, 0.1), rate: 0.4 });
  expect(curveOf('rate', undefined, [0.1, 0.4], trace, undefined)).toEqual({
    values: of(0.1, 0.025),
    rate: 0.4,
  });
});

test('norms are of all layers or of one, and there is none of a layer that is not', () => {
  expect(curveOf('gradient', undefined, [1, 1], trace, undefined)?.values).toBe(trace.gradientNorm);
  expect(curveOf('weights', 0, [1, 1], trace, undefined)?.values).toBe(trace.layers[0]!.weightNorm);
  expect(curveOf('weights', 2, [1, 1], trace, undefined)).toBeUndefined();
  expect(curveOf('gradient', 0, [1, 1], undefined, undefined)).toBeUndefined();
});

test('activations are those of the float64 run, at the steps at which it was looked at', () => {
  expect(curveOf('variance', 0, [0.5], trace, activations)).toEqual({
    values: of(1, 2),
    steps: activations.steps,
    rate: 0.5,
  });
  expect(curveOf('mean', 0, [0.5], trace, undefined)).toBeUndefined();
});

test('a trial has the learning rates of its cell, layer by layer', () => {
  const experiment = presetExperiment('init-gain');
  const { x } = experiment.axes;
  const grid = gridOf(experiment);
  const layers = experiment.model.hidden.length + 1;
  expect(ratesOf(experiment, grid, 0)).toEqual(Array.from({ length: layers }, () => x.from));
  const one = { ...experiment, axes: { x: { ...x, parameter: 'optimizer.learningRate[1]' } } };
  const rates = ratesOf(one, gridOf(one), x.count - 1);
  expect([rates[0], rates[1], rateOf(rates)]).toEqual([experiment.optimizer.learningRate, x.to, x.to]);
});
