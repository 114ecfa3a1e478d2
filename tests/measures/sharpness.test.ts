import { expect, test } from 'vitest';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { landscapes } from '../../src/measures/landscape';
import { sharpness, trainedPlaces } from '../../src/measures/sharpness';
import { Evaluator } from '../../src/training/evaluator';
import { ReferenceEngine } from '../../src/training/reference_engine';
import type { TrialDocument } from '../../src/experiment/types';
import { trialWith } from '../experiment/documents';

/** Smooth, under 60 weights, with and without batch norm. */
const documents = (type: 'none' | 'batch', affine: 'trained' | 'frozen'): TrialDocument[] =>
  [1, 2, 3].map((seed) =>
    trialWith(
      [['model', 'inputs'], 2],
      [
        ['model', 'hidden'],
        [4, 3],
      ],
      [['model', 'activation'], 'tanh'],
      [['model', 'normalization', 'type'], type],
      [['model', 'normalization', 'affine'], affine],
      [['seed'], seed],
    ),
  );

test.each([
  ['none', 'trained'],
  ['batch', 'trained'],
  ['batch', 'frozen'],
] as const)('normalization %s, %s: the eigenvalues are those of a dense Hessian', async (type, affine) => {
  const evaluator = await Evaluator.open(new ReferenceEngine(), documents(type, affine));
  const { plan } = evaluator;
  const places = trainedPlaces(plan);
  const initial = await evaluator.initial();
  const found = await sharpness(evaluator, initial, { count: places.length, tolerance: 0, most: 60 });
  const [usual] = await sharpness(evaluator, initial);
  // Column p by fourth-order differences of gradients, of all trials at once.
  const step = 1e-3;
  const gradientsAt = async (p: number, steps: number) => {
    const moved = initial.slice();
    for (let trial = 0; trial < 3; trial += 1) moved[trial * plan.parameters + p]! += steps * step;
    return (await evaluator.at(moved)).gradients;
  };
  const columns: Float64Array[] = [];
  for (const p of places) {
    const [a, b, c, d] = [
      await gradientsAt(p, 2),
      await gradientsAt(p, 1),
      await gradientsAt(p, -1),
      await gradientsAt(p, -2),
    ];
    columns.push(a.map((value, i) => (-value + 8 * b[i]! - 8 * c[i]! + d[i]!) / (12 * step)));
  }
  for (const [trial, { eigenvalues, value }] of found.entries()) {
    const dense = new Matrix(
      columns.map((column) => places.map((p) => column[trial * plan.parameters + p]!)),
    );
    const symmetric = Matrix.add(dense, dense.transpose()).mul(0.5);
    const wanted = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true }).realEigenvalues.sort(
      (one, other) => Math.abs(other) - Math.abs(one),
    );
    const largest = Math.abs(wanted[0]!);
    expect(eigenvalues).toHaveLength(places.length);
    const ascending = (values: readonly number[]) => values.toSorted((one, other) => one - other);
    for (const [at, one] of ascending(eigenvalues).entries())
      expect(Math.abs(one - ascending(wanted)[at]!)).toBeLessThan(1e-6 * largest);
    expect(Math.abs(value - wanted[0]!)).toBeLessThan(1e-6 * largest);
  }
  expect(Math.abs(usual!.value - found[0]!.value)).toBeLessThanOrEqual(1e-6 * Math.abs(found[0]!.value));
  expect(usual!.iterations).toBeLessThanOrEqual(places.length);
});

test('sharpness is NaN where the loss is not finite, and leaves the other trials what they are', async () => {
  const [first, second] = documents('none', 'trained');
  const evaluator = await Evaluator.open(new ReferenceEngine(), [first!, second!]);
  const parameters = await evaluator.initial();
  const [, alone] = await sharpness(evaluator, parameters);
  parameters.fill(Number.NaN, 0, evaluator.plan.parameters);
  const [lost, kept] = await sharpness(evaluator, parameters);
  expect(lost!.value).toBeNaN();
  expect(kept).toEqual(alone);
});

test('probes are the losses and gradients of a net that was moved there', async () => {
  const trials = documents('batch', 'trained');
  const evaluator = await Evaluator.open(new ReferenceEngine(), trials);
  const parameters = await evaluator.initial();
  const lengths = trials.map((_, trial) => Float64Array.of(0.05 * (trial + 1), 0.4));
  const probed = await landscapes(evaluator, parameters, lengths);
  const size = evaluator.plan.parameters;
  for (const [trial, document] of trials.entries()) {
    const alone = await Evaluator.open(new ReferenceEngine(), [document]);
    const own = parameters.slice(trial * size, (trial + 1) * size);
    const { gradients } = await alone.at(own);
    for (const [point, length] of lengths[trial]!.entries()) {
      const there = await alone.at(own.map((value, i) => value - length * gradients[i]!));
      const far = Math.hypot(...there.gradients.map((value, i) => value - gradients[i]!));
      const { losses, smoothness, effectiveBeta } = probed[trial]!;
      expect(losses[point]).toBe(there.losses[0]);
      expect(Math.abs(smoothness[point]! * length * Math.hypot(...gradients) - far)).toBeLessThan(
        1e-12 * far,
      );
      expect(effectiveBeta).toBeGreaterThanOrEqual(smoothness[point]!);
    }
  }
});
