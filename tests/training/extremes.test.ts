import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse';
import type { Experiment } from '../../src/experiment/types';
import { tried } from '../every';
import { ENGINES, runSweep } from '../sweeps';

const NAMES = tried<keyof typeof ENGINES>(['fused', 'layered', 'reference'], ['fused in software']);

/** An experiment of inline data and weights along one axis, without normalization unless a model says so. */
function inline(
  model: Record<string, unknown>,
  weights: number[][][],
  x: number[][],
  y: number[][],
  axis: Record<string, unknown>,
  rest: Record<string, unknown> = {},
): Experiment {
  return parseExperiment({
    format: 'normscape/experiment',
    version: 1,
    model: {
      inputs: x[0]!.length,
      outputs: y[0]!.length,
      activation: 'identity',
      normalization: { type: 'none' },
      initialization: { type: 'inline', weights },
      ...model,
    },
    data: { type: 'inline', x, y },
    loss: 'half-mse',
    optimizer: { learningRate: 1, steps: 3 },
    axes: { x: { scale: 'log', count: 1, ...axis } },
    arms: [{ name: 'all' }],
    ...rest,
  });
}

const RATE = { parameter: 'optimizer.learningRate', from: 1, to: 1 };

/** What each trial traced: losses, and norms of the gradient and of the weights. */
async function traced(engine: keyof typeof ENGINES, experiment: Experiment) {
  const { traces } = await runSweep(experiment, ENGINES[engine], { tracing: true });
  return [...traces.keys()].sort((a, b) => a - b).map((trial) => traces.get(trial)!);
}

describe.each(NAMES)('%s', (engine) => {
  test.each([1, 2, 3, 5, 6, 7, 9])(
    'the padding of %i sigmoid units below one unit is not trained with them',
    async (width) => {
      const zeros = [[Array<number>(width).fill(0)], Array.from({ length: width }, () => [0])];
      const experiment = inline({ hidden: [width], activation: 'sigmoid' }, zeros, [[1]], [[1]], RATE, {
        optimizer: { learningRate: 1, steps: 2 },
      });
      const [{ loss, gradientNorm }] = (await traced(engine, experiment)) as [
        Awaited<ReturnType<typeof traced>>[0],
      ];
      // σ(0) = ½: every unit's slope is −½, and the next prediction half of half of their number.
      expect(gradientNorm[0]).toBeCloseTo(Math.sqrt(width) / 2, 6);
      expect(loss[1]).toBeCloseTo((1 - width / 4) ** 2 / 2, 6);
    },
  );

  test('what is normalized is ±1 at every scale that float32 has', async () => {
    const experiment = inline(
      { hidden: [1], normalization: { affine: 'frozen' } },
      [[[1]], [[1]]],
      [[1], [-1]],
      [[1], [-1]],
      { parameter: 'data.inputScale', from: 1, to: 1e36, count: 37 },
      { optimizer: { learningRate: 0, steps: 2 } },
    );
    for (const { loss } of await traced(engine, experiment)) expect(loss[1]).toBeLessThan(1e-8);
  });

  test('a constant column becomes 0 at every scale', async () => {
    const experiment = inline(
      { hidden: [1], normalization: { affine: 'frozen' } },
      [[[1]], [[1]]],
      Array.from({ length: 6 }, () => [1]),
      [[1], [-1], [0], [0], [0], [0]],
      { parameter: 'data.inputScale', from: 1.7, to: 1.7e18, count: 37 },
      { optimizer: { learningRate: 0, steps: 1 } },
    );
    for (const { loss } of await traced(engine, experiment)) expect(loss[0]).toBeCloseTo(1 / 6, 6);
  });

  test.each([
    ['large weights', 1e20],
    ['small gradients', 1],
  ])('norms beyond the squares of float32: %s', async (_what, weight) => {
    const x = 1e-20;
    const experiment = inline({ hidden: [] }, [[[weight]]], [[x], [-x]], [[0], [1]], RATE);
    const [{ loss, gradientNorm, weightNorm }] = (await traced(engine, experiment)) as [
      Awaited<ReturnType<typeof traced>>[0],
    ];
    // Predictions ±wx on labels 0 and 1.
    const z = weight * x;
    expect(loss[0]! / ((z * z + (-z - 1) ** 2) / 4)).toBeCloseTo(1, 5);
    expect(weightNorm[0]! / weight).toBeCloseTo(1, 5);
    expect(gradientNorm[0]! / (((z + z + 1) / 2) * x)).toBeCloseTo(1, 4);
  });

  test('gradients whose squares are beyond float32', async () => {
    const x = [[1e10], [2e10], [3e10]];
    const experiment = inline(
      { hidden: [], bias: true },
      [[[0.5]]],
      x,
      [[1], [2], [3]],
      {
        parameter: 'optimizer.learningRate',
        from: 1e-24,
        to: 1e-24,
      },
      { loss: 'mse' },
    );
    const [{ gradientNorm }] = (await traced(engine, experiment)) as [Awaited<ReturnType<typeof traced>>[0]];
    expect(gradientNorm[0]! / 4.6666666e20).toBeCloseTo(1, 5);
  });

  test('a trial that diverges has norms at the step at which it does', async () => {
    const experiment = inline(
      { hidden: [] },
      [[[2]]],
      [[1], [-1]],
      [[0], [1]],
      {
        parameter: 'optimizer.learningRate',
        from: 3,
        to: 100,
        count: 2,
      },
      { optimizer: { learningRate: 1, steps: 40 } },
    );
    const [slow, fast] = await traced(engine, experiment);
    // The slope is w + ½, and w moves by the rate times that.
    expect([...fast!.gradientNorm]).toEqual([2.5, 247.5]);
    expect([...fast!.weightNorm]).toEqual([2, 248]);
    expect(slow!.gradientNorm.length).toBe(slow!.loss.length);
    expect(slow!.gradientNorm.at(-1)! / slow!.gradientNorm.at(-2)!).toBeCloseTo(2, 4);
  });

  test('… normalized, and in several layers, too', async () => {
    const experiment = parseExperiment({
      format: 'normscape/experiment',
      version: 1,
      model: { inputs: 3, hidden: [5, 6], outputs: 1, activation: 'relu' },
      data: { type: 'teacher', samples: 12 },
      loss: 'half-mse',
      optimizer: { learningRate: 1, steps: 30 },
      axes: { x: { parameter: 'optimizer.learningRate', scale: 'log', from: 10, to: 300, count: 4 } },
    });
    const [actual, expected] = await Promise.all([
      traced(engine, experiment),
      traced('reference', experiment),
    ]);
    for (const [trial, { layers, loss }] of actual.entries())
      for (const [layer, { gradientNorm }] of layers.entries()) {
        expect(gradientNorm.length).toBe(loss.length);
        const wanted = expected[trial]!.layers[layer]!.gradientNorm;
        expect(gradientNorm[0]! / wanted[0]!).toBeCloseTo(1, 3);
        // Of a step after many, rounding decides; but it is there.
        expect(gradientNorm.at(-1) === 0).toBe(wanted[loss.length - 1] === 0);
      }
  });
});
