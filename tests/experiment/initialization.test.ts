import { describe, expect, test } from 'vitest';
import { initialParameters, layerGains } from '../../src/experiment/initialization';
import { isNormalized } from '../../src/experiment/layers';
import type { Model } from '../../src/experiment/types';
import { trialWith } from './documents';

function modelWith(initialization: object, fields: object = {}): Model {
  const model = { inputs: 60, hidden: [80, 50], outputs: 40, activation: 'relu', initialization, ...fields };
  return trialWith([['model'], model]).model;
}

const meanSquare = (values: Float32Array) =>
  values.reduce((sum, value) => sum + value ** 2, 0) / values.length;

describe('variance of the weights, within five standard errors', () => {
  test.each([
    ['he', [2 / 60, 2 / 80, 1 / 50]],
    ['lecun', [1 / 60, 1 / 80, 1 / 50]],
    ['glorot', [2 / 140, 2 / 130, 2 / 90]],
    ['normal', [1, 1, 1]],
  ])('%s', (type, variances) => {
    const { weights } = initialParameters(modelWith({ type }), 1);
    expect(weights.map((layer) => layer.length)).toEqual([4800, 4000, 2000]);
    for (const [layer, variance] of variances.entries()) {
      const values = weights[layer] ?? new Float32Array();
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(Math.abs(meanSquare(values) / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / values.length));
      expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(variance / values.length));
    }
  });
});

test('constant weights are one, whatever the gain', () => {
  const { weights } = initialParameters(modelWith({ type: 'constant', gain: 3 }), 1);
  expect(weights.flatMap((layer) => [...layer]).every((value) => value === 1)).toBe(true);
});

test('the gain is left to the engine', () => {
  const plain = initialParameters(modelWith({ type: 'he' }), 1);
  expect(initialParameters(modelWith({ type: 'he', gain: 7 }), 1)).toEqual(plain);
});

test('seeds and layers have weights of their own', () => {
  const model = modelWith({ type: 'normal' }, { inputs: 4, hidden: [4, 4], outputs: 4 });
  const [first, second] = [1, 2].map((seed) => initialParameters(model, seed).weights);
  expect(first).not.toEqual(second);
  expect(first?.[0]).not.toEqual(first?.[1]);
  expect(initialParameters(model, 1).weights).toEqual(first);
});

test('a narrower network is a corner of a wider one', () => {
  const size = (width: number) => ({ inputs: 3, hidden: [width, width], outputs: 2 });
  const narrow = initialParameters(modelWith({ type: 'normal' }, size(4)), 1).weights[1];
  const wide = initialParameters(modelWith({ type: 'normal' }, size(9)), 1).weights[1];
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++)
      expect(narrow?.[row * 4 + column]).toBe(wide?.[row * 9 + column]);
  }
});

test('biases, γ and β exist where the model has them', () => {
  const lengths = (fields: object) => {
    const model = modelWith({ type: 'he' }, { hidden: [3, 4], outputs: 2, ...fields });
    const { biases, gammas, betas } = initialParameters(model, 1);
    expect(betas.map((layer) => layer.length)).toEqual(gammas.map((layer) => layer.length));
    expect([...biases, ...betas].flatMap((layer) => [...layer]).every((value) => value === 0)).toBe(true);
    expect(gammas.flatMap((layer) => [...layer]).every((value) => value === 1)).toBe(true);
    return [biases, gammas].map((layers) => layers.map((layer) => layer.length));
  };
  expect(lengths({})).toEqual([
    [0, 0, 0],
    [3, 4, 0],
  ]);
  expect(lengths({ bias: true })).toEqual([
    [3, 4, 2],
    [3, 4, 0],
  ]);
  expect(lengths({ normalization: { type: 'none' } })).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
  expect(lengths({ normalization: { layers: 'all' } })).toEqual([
    [0, 0, 0],
    [3, 4, 2],
  ]);
  expect(lengths({ normalization: { layers: 'last' } })).toEqual([
    [0, 0, 0],
    [0, 4, 0],
  ]);
});

test('without hidden layers, only `all` normalizes', () => {
  const of = (layers: string) => modelWith({}, { hidden: [], normalization: { layers } });
  expect(['hidden', 'last', 'all'].map((layers) => isNormalized(of(layers), 0))).toEqual([
    false,
    false,
    true,
  ]);
});

test('inline parameters are taken as they are, rounded to float32, and fill in where left out', () => {
  const initialization = {
    type: 'inline',
    weights: [
      [
        [0.1, 2],
        [3, 4],
        [5, 6],
      ],
      [[7], [8]],
    ],
    biases: [[0.1, 1], [2]],
    gammas: [[0.3, 4], []],
    betas: [[], []],
  };
  const model = modelWith(initialization, { inputs: 3, hidden: [2], outputs: 1, bias: true });
  expect(initialParameters(model, 1)).toEqual({
    weights: [Float32Array.of(0.1, 2, 3, 4, 5, 6), Float32Array.of(7, 8)],
    biases: [Float32Array.of(0.1, 1), Float32Array.of(2)],
    gammas: [Float32Array.of(0.3, 4), new Float32Array()],
    betas: [Float32Array.of(0, 0), new Float32Array()],
  });
});

test('layerGains is the gain of every layer, or what gainLayers says', () => {
  expect(layerGains(modelWith({ gain: 2 }))).toEqual([2, 2, 2]);
  expect(layerGains(modelWith({ gainLayers: [1, 2, 3] }))).toEqual([1, 2, 3]);
});
