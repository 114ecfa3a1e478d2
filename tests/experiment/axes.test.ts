import { describe, expect, test } from 'vitest';
import { axisValues, cellOf, gridOf, setParameter, trialIndex } from '../../src/experiment/axes';
import { parseExperiment } from '../../src/experiment/parse';
import { ExperimentError, type Axis } from '../../src/experiment/types';
import { exampleDocument, trialWith } from './documents';

const axis = (parameter: string, scale: Axis['scale'], from: number, to: number, count: number): Axis => ({
  parameter,
  scale,
  from,
  to,
  count,
});

describe('axisValues', () => {
  test.each([
    [0.1, 0.7],
    [1e-4, 10],
    [3, 1e-3],
    [1e-30, 3e38],
  ])('takes both ends %d and %d exactly, in either scale', (from, to) => {
    for (const scale of ['linear', 'log'] as const) {
      const values = axisValues(axis('optimizer.learningRate', scale, from, to, 7));
      expect([values[0], values[6], values.length]).toEqual([from, to, 7]);
    }
  });

  test('is even in its scale', () => {
    expect([...axisValues(axis('data.noise', 'linear', 0, 1, 5))]).toEqual([0, 0.25, 0.5, 0.75, 1]);
    const log = axisValues(axis('optimizer.learningRate', 'log', 1e-4, 10, 6));
    for (const [i, expected] of [1e-4, 1e-3, 1e-2, 0.1, 1, 10].entries()) {
      expect(Math.abs((log[i] ?? 0) / expected - 1)).toBeLessThan(1e-14);
    }
  });

  test('takes `from` where there is one point', () => {
    expect([...axisValues(axis('data.noise', 'linear', 0.25, 1, 1))]).toEqual([0.25]);
    expect([...axisValues(axis('data.noise', 'log', 0.25, 1, 1))]).toEqual([0.25]);
  });

  test('rounds integer parameters and keeps repeats', () => {
    expect([...axisValues(axis('model.depth', 'linear', 1, 3, 7))]).toEqual([1, 1, 2, 2, 2, 3, 3]);
    expect([...axisValues(axis('optimizer.batch', 'log', 2, 128, 4))]).toEqual([2, 8, 32, 128]);
    const integers = [
      'model.width',
      'model.hidden[0]',
      'data.samples',
      'optimizer.steps',
      'seed',
      'rule.window',
    ];
    for (const parameter of integers) {
      expect([...axisValues(axis(parameter, 'linear', 1, 2, 4))]).toEqual([1, 1, 2, 2]);
    }
  });
});

describe('setParameter', () => {
  const trial = trialWith();

  test('sets a number and leaves the original alone', () => {
    const before = structuredClone(trial);
    expect(setParameter(trial, 'model.normalization.epsilon', 0.5)).toEqual({
      ...trial,
      model: { ...trial.model, normalization: { ...trial.model.normalization, epsilon: 0.5 } },
    });
    expect(trial).toEqual(before);
  });

  test('depth copies the first hidden layer, width sets every one', () => {
    const uneven = trialWith([
      ['model', 'hidden'],
      [5, 6, 7],
    ]);
    expect(setParameter(uneven, 'model.depth', 2).model.hidden).toEqual([5, 5]);
    expect(setParameter(uneven, 'model.depth', 4).model.hidden).toEqual([5, 5, 5, 5]);
    expect(setParameter(uneven, 'model.width', 9).model.hidden).toEqual([9, 9, 9]);
    expect(setParameter(uneven, 'model.hidden[1]', 9).model.hidden).toEqual([5, 9, 7]);
  });

  test('a layer’s entry spreads what was one number over the layers first', () => {
    expect(setParameter(trial, 'optimizer.learningRate[1]', 9).optimizer.learningRate).toEqual([
      0.1, 9, 0.1, 0.1, 0.1,
    ]);
    expect(setParameter(trial, 'optimizer.learningRateNorm[4]', 9).optimizer.learningRateNorm).toEqual([
      0.1, 0.1, 0.1, 0.1, 9,
    ]);
    expect(
      setParameter(trial, 'model.initialization.gainLayers[0]', 9).model.initialization.gainLayers,
    ).toEqual([9, 1, 1, 1, 1]);
  });

  test('sets what was no number before', () => {
    expect(setParameter(trial, 'optimizer.batch', 8).optimizer.batch).toBe(8);
    expect(setParameter(trial, 'optimizer.learningRateNorm', 8).optimizer.learningRateNorm).toBe(8);
  });

  test.each(['optimizer.learningRate[5]', 'model.hidden[4]', 'model.dropout.rate', '', 'a..b', 'seed[0]'])(
    'refuses %s',
    (path) => expect(() => setParameter(trial, path, 1)).toThrow(ExperimentError),
  );
});

test('a grid numbers its trials by arm, replicate, row and column', () => {
  const grid = gridOf({ ...parseExperiment(exampleDocument()), replicates: 3 });
  expect(grid).toEqual({ arms: 2, replicates: 3, nx: 64, ny: 64, cells: 4096, trials: 24576 });
  const small = { ...grid, nx: 4, ny: 5, cells: 20, trials: 120 };
  let next = 0;
  for (let arm = 0; arm < 2; arm++) {
    for (let replicate = 0; replicate < 3; replicate++) {
      for (let iy = 0; iy < 5; iy++) {
        for (let ix = 0; ix < 4; ix++) {
          const cell = { arm, replicate, iy, ix };
          expect(trialIndex(small, cell)).toBe(next);
          expect(cellOf(small, next)).toEqual(cell);
          next += 1;
        }
      }
    }
  }
  expect(next).toBe(small.trials);
});

test('a grid without a second axis has one row', () => {
  const { axes, ...rest } = parseExperiment(exampleDocument());
  expect(gridOf({ ...rest, axes: { x: axes.x } })).toMatchObject({ nx: 64, ny: 1, cells: 64, trials: 128 });
});
