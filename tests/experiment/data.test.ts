import { describe, expect, test } from 'vitest';
import { bestConstantLoss, makeData } from '../../src/experiment/data';
import { matrixIndex, normal } from '../../src/experiment/random';
import type { DataSet } from '../../src/experiment/types';
import { trialWith } from './documents';

type Keys = (string | number)[];

function dataOf(data: object, inputs = 2, outputs = 1, seed = 1): DataSet {
  const changes: [Keys, unknown][] = [
    [['model', 'inputs'], inputs],
    [['model', 'outputs'], outputs],
    [['data'], data],
    [['seed'], seed],
  ];
  return makeData(trialWith(...changes));
}

function column(values: Float32Array, columns: number, index: number): number[] {
  return [...values].filter((_, i) => i % columns === index);
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const meanSquare = (values: number[]) => mean(values.map((value) => value ** 2));

const TYPES = ['gaussian', 'spiral', 'moons', 'circles', 'teacher', 'linear'];

describe.each(TYPES)('%s', (type) => {
  test('is of the shape asked for, finite, the same each time and another with another seed', () => {
    const data = dataOf({ type, samples: 50 });
    expect([data.samples, data.inputs, data.outputs, data.x.length, data.y.length]).toEqual([
      50, 2, 1, 100, 50,
    ]);
    expect([...data.x, ...data.y].every(Number.isFinite)).toBe(true);
    expect(dataOf({ type, samples: 50 })).toEqual(data);
    expect(dataOf({ type, samples: 50 }, 2, 1, 2).x).not.toEqual(data.x);
  });
});

describe.each(['gaussian', 'teacher', 'linear'])('%s inputs', (type) => {
  test('are standard normal, within five standard errors', () => {
    const samples = 4000;
    const { x } = dataOf({ type, samples }, 3);
    for (const i of [0, 1, 2]) {
      expect(Math.abs(mean(column(x, 3, i)))).toBeLessThan(5 / Math.sqrt(samples));
      expect(Math.abs(meanSquare(column(x, 3, i)) - 1)).toBeLessThan(5 * Math.sqrt(2 / samples));
    }
  });
});

test('gaussian targets are normal and independent of the inputs', () => {
  const samples = 4000;
  const { x, y } = dataOf({ type: 'gaussian', samples }, 1);
  expect(Math.abs(meanSquare([...y]) - 1)).toBeLessThan(5 * Math.sqrt(2 / samples));
  expect(Math.abs(mean([...y].map((value, i) => value * (x[i] ?? 0))))).toBeLessThan(5 / Math.sqrt(samples));
});

describe('teacher', () => {
  test('targets have mean 0 and mean square 1 in each output', () => {
    const { y } = dataOf({ type: 'teacher', samples: 128 }, 8, 3);
    for (const output of [0, 1, 2]) {
      expect(Math.abs(mean(column(y, 3, output)))).toBeLessThan(1e-6);
      expect(Math.abs(meanSquare(column(y, 3, output)) - 1)).toBeLessThan(1e-6);
    }
  });

  test('is Σ v·tanh(2xU) with 16 units, standardised', () => {
    const [samples, inputs] = [20, 3];
    const { x, y } = dataOf({ type: 'teacher', samples }, inputs);
    const raw = Array.from({ length: samples }, (_, sample) => {
      let sum = 0;
      for (let unit = 0; unit < 16; unit++) {
        let z = 0;
        for (let input = 0; input < inputs; input++) {
          const u = normal(1, 'teacher', 0, matrixIndex(input, unit)) / Math.sqrt(inputs);
          z += normal(1, 'data', 0, matrixIndex(sample, input)) * u;
        }
        sum += normal(1, 'teacher', 1, matrixIndex(unit, 0)) * Math.tanh(2 * z);
      }
      return sum;
    });
    const centred = raw.map((value) => value - mean(raw));
    const scale = Math.sqrt(meanSquare(centred));
    for (const [sample, value] of centred.entries()) expect(y[sample]).toBeCloseTo(value / scale, 6);
    expect(x[4]).toBe(Math.fround(normal(1, 'data', 0, matrixIndex(1, 1))));
  });
});

describe('linear', () => {
  test('standardises x, and y = target·x for one input and one output', () => {
    const { x, y } = dataOf({ type: 'linear', samples: 128, target: -3 }, 1);
    expect(Math.abs(mean([...x]))).toBeLessThan(1e-6);
    expect(Math.abs(meanSquare([...x]) - 1)).toBeLessThan(1e-6);
    for (const [i, value] of x.entries()) expect(y[i]).toBeCloseTo(-3 * value, 5);
  });

  test('is target·xA with A ~ N(0, 1/inputs) otherwise', () => {
    const { x, y } = dataOf({ type: 'linear', samples: 16, target: 2 }, 3, 2);
    const A = (row: number, columnIndex: number) =>
      normal(1, 'teacher', 2, matrixIndex(row, columnIndex)) / Math.sqrt(3);
    for (let sample = 0; sample < 16; sample++) {
      for (const output of [0, 1]) {
        const sum = [0, 1, 2].reduce((s, input) => s + (x[sample * 3 + input] ?? 0) * A(input, output), 0);
        expect(y[sample * 2 + output]).toBeCloseTo(2 * sum, 5);
      }
    }
  });
});

describe.each(['spiral', 'moons', 'circles'])('%s', (type) => {
  const { x, y } = dataOf({ type, samples: 400 });

  test('has two equal classes 0 and 1', () => {
    expect(new Set(y)).toEqual(new Set([0, 1]));
    expect(mean([...y])).toBe(0.5);
  });

  test('lies within about ±1 and is not linear', () => {
    expect(Math.max(...x.map(Math.abs))).toBeGreaterThan(0.9);
    expect(Math.max(...x.map(Math.abs))).toBeLessThan(1.8);
    // A class's nearest neighbours are of the same class: the curves can be told apart.
    const points = Array.from(
      { length: 400 },
      (_, i) => [x[2 * i] ?? 0, x[2 * i + 1] ?? 0, y[i] ?? 0] as const,
    );
    const agreeing = points.filter(([a, b, label], i) => {
      const distance = (j: number) => Math.hypot((points[j]?.[0] ?? 0) - a, (points[j]?.[1] ?? 0) - b);
      const others = points.map((_, j) => j).filter((j) => j !== i);
      const nearest = others.reduce((best, j) => (distance(j) < distance(best) ? j : best));
      return points[nearest]?.[2] === label;
    });
    expect(agreeing.length).toBeGreaterThan(360);
  });
});

describe('transforms', () => {
  const plain = dataOf({ type: 'teacher', samples: 200 });

  test('inputScale and inputShift move x alone', () => {
    const moved = dataOf({ type: 'teacher', samples: 200, inputScale: 3, inputShift: -2 });
    expect(moved.y).toEqual(plain.y);
    for (const [i, value] of plain.x.entries()) expect(moved.x[i]).toBeCloseTo(3 * value - 2, 5);
  });

  test('noise adds its standard deviation to y alone', () => {
    const noisy = dataOf({ type: 'teacher', samples: 200, noise: 0.5 });
    expect(noisy.x).toEqual(plain.x);
    const added = [...noisy.y].map((value, i) => value - (plain.y[i] ?? 0));
    expect(Math.abs(Math.sqrt(meanSquare(added)) / 0.5 - 1)).toBeLessThan(5 / Math.sqrt(400));
    expect(Math.abs(mean(added))).toBeLessThan((5 * 0.5) / Math.sqrt(200));
  });
});

test('inline data is rounded to float32 and otherwise taken as it is', () => {
  const data = dataOf({
    type: 'inline',
    x: [
      [0.1, 2],
      [3, 4],
      [5, 6],
    ],
    y: [[0.3], [0], [1]],
  });
  expect([data.samples, data.inputs, data.outputs]).toEqual([3, 2, 1]);
  expect([...data.x]).toEqual([Math.fround(0.1), 2, 3, 4, 5, 6]);
  expect([...data.y]).toEqual([Math.fround(0.3), 0, 1]);
});

describe('bestConstantLoss', () => {
  const targets = (outputs: number, ...y: number[]): DataSet => ({
    samples: y.length / outputs,
    inputs: 1,
    outputs,
    x: new Float32Array(y.length / outputs),
    y: Float32Array.from(y),
  });

  test('is the variance for squared error, averaged over the outputs', () => {
    expect(bestConstantLoss(targets(1, 1, 3), 'mse')).toBe(1);
    expect(bestConstantLoss(targets(1, 1, 3), 'half-mse')).toBe(0.5);
    expect(bestConstantLoss(targets(2, 1, 0, 3, 6), 'mse')).toBe((1 + 9) / 2);
  });

  test('is the entropy for the logistic loss', () => {
    expect(bestConstantLoss(targets(1, 0, 1), 'logistic')).toBeCloseTo(Math.LN2, 15);
    expect(bestConstantLoss(targets(1, 0, 0, 0, 1), 'logistic')).toBeCloseTo(0.562335, 6);
    expect(bestConstantLoss(targets(1, 1, 1), 'logistic')).toBe(0);
  });

  test.each(['mse', 'half-mse', 'logistic'] as const)('no constant does better by %s', (loss) => {
    const data = targets(1, 0, 1, 1, 0, 1);
    const at = (z: number) =>
      mean(
        [...data.y].map((y) => {
          if (loss === 'logistic') return Math.log1p(Math.exp(-(2 * y - 1) * z));
          return (z - y) ** 2 / (loss === 'mse' ? 1 : 2);
        }),
      );
    const constants = Array.from({ length: 4001 }, (_, i) => i / 1000 - 2);
    const best = Math.min(...constants.map(at));
    expect(bestConstantLoss(data, loss)).toBeLessThanOrEqual(best + 1e-12);
    expect(bestConstantLoss(data, loss)).toBeGreaterThan(best - 1e-6);
  });
});
