import { describe, expect, test } from 'vitest';
import { axisValues } from '../../src/experiment/axes';
import { ACTIVATIONS } from '../../src/experiment/kinds';
import { trialDocument } from '../../src/experiment/trial';
import type { TrialDocument } from '../../src/experiment/types';
import { ExactHessian } from '../../src/training/exact_hessian';
import { steadyProducts } from '../../src/measures/hessian';
import { trainedPlaces } from '../../src/measures/sharpness';
import { Evaluator } from '../../src/training/evaluator';
import { planOf } from '../../src/training/planner';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { WaveInputs } from '../../src/training/wave_input';
import { trialWith } from '../experiment/documents';
import { GOLDEN_RUNS } from '../golden_runs';
import measures from '../golden/measures.json';

const largest = (values: ArrayLike<number>) => Math.max(...Array.from(values, Math.abs));

/** A trial's Hessian, still nowhere, with what else tells of it. */
async function hessianOf(document: TrialDocument) {
  const evaluator = await Evaluator.open(new ReferenceEngine(), [document]);
  const { plan, input } = evaluator;
  const [{ dataset, settings }] = input.trials as [(typeof input.trials)[number]];
  const evaluated = { data: input.datasets[dataset]!, settings };
  return { evaluator, plan, evaluated, hessian: new ExactHessian(plan), initial: await evaluator.initial() };
}

/** One of each network, arm and step. */
const RUNS = measures.runs.filter(
  ({ experiment, arm, step }, at, all) =>
    all.findIndex((one) => one.experiment === experiment && one.arm === arm && one.step === step) === at,
);

test.each(RUNS.map((run) => [run.experiment, run.arm, run.step, run] as const))(
  '%s, arm %d, step %d: loss and product are PyTorch’s to the last digits',
  async (_name, _arm, _step, run) => {
    const { experiment } = GOLDEN_RUNS.find((golden) => golden.name === run.experiment)!;
    const { x, y } = experiment.axes;
    const document = trialDocument(
      experiment,
      run.arm,
      0,
      axisValues(x)[run.ix]!,
      y && axisValues(y)[run.iy]!,
    );
    const trained = planOf(document);
    const wave = await new ReferenceEngine().open(new WaveInputs().of(trained, [document]));
    if (run.step > 0) await wave.run(run.step);
    const { plan, evaluated, hessian } = await hessianOf(document);
    const loss = hessian.at(evaluated, await wave.read('parameters'));
    expect(Math.abs(loss - run.loss)).toBeLessThanOrEqual(1e-13 * run.loss);
    const places = trainedPlaces(plan);
    const direction = new Float64Array(plan.parameters);
    for (const [at, p] of places.entries()) direction[p] = run.direction[at]!;
    const product = hessian.product(direction);
    const wanted = run.hessian_times_direction;
    const wrong = places.map((p, at) => product[p]! - wanted[at]!);
    expect(largest(wrong)).toBeLessThanOrEqual(1e-13 * largest(wanted));
  },
);

const KINDS = Object.keys(ACTIVATIONS).flatMap((activation) =>
  (['none', 'pre', 'post'] as const).map((placement) => [activation, placement] as const),
);

describe.each(KINDS)('%s, normalization %s', (activation, placement) => {
  test.each(['mse', 'logistic'])('%s: the product is the derivative of gradients', async (loss) => {
    const document = trialWith(
      [
        ['model'],
        {
          inputs: 2,
          hidden: [5, 4],
          outputs: 1,
          activation,
          preactivationGain: 1.25,
          bias: true,
          scaling: 'ntk',
          normalization:
            placement === 'none' ? { type: 'none' } : { placement, layers: 'all', epsilon: 0.01 },
        },
      ],
      [['data'], { type: 'moons', samples: 12 }],
      [['loss'], loss],
    );
    const { evaluator, plan, evaluated, hessian, initial } = await hessianOf(document);
    const places = trainedPlaces(plan);
    const parameters = initial.map((value, p) => value + 0.1 * Math.cos(p));
    const direction = Float64Array.from({ length: plan.parameters }, (_, p) => Math.sin(3 * p + 1));
    const { losses } = await evaluator.at(parameters);
    expect(hessian.at(evaluated, parameters)).toBe(losses[0]);
    const product = hessian.product(direction);
    const { products, errors } = await steadyProducts(evaluator, parameters, direction);
    expect(errors[0]).toBeLessThan(1e-6 * largest(products));
    for (const p of places)
      expect(Math.abs(product[p]! - products[p]!)).toBeLessThan(1e-7 * largest(products));
    // Symmetric: u·(H·v) = v·(H·u).
    const other = direction.toReversed();
    const along = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, p) => sum + value * b[p]!, 0);
    const [one, two] = [along(other, product), along(direction, hessian.product(other))];
    expect(Math.abs(one - two)).toBeLessThan(1e-12 * along(direction, direction) * largest(product));
  });
});

test('what is frozen is not moved, and another trial’s data and settings take the place of the first one’s', async () => {
  const frozen = (seed: number, gain: number) =>
    trialWith(
      [
        ['model'],
        {
          inputs: 2,
          hidden: [4],
          outputs: 1,
          activation: 'tanh',
          preactivationGain: gain,
          normalization: { affine: 'frozen' },
        },
      ],
      [['seed'], seed],
    );
  const [first, second] = [await hessianOf(frozen(1, 1)), await hessianOf(frozen(2, 1.5))];
  const { plan } = first;
  const direction = new Float64Array(plan.parameters);
  for (const p of trainedPlaces(plan)) direction[p] = 1;
  first.hessian.at(first.evaluated, first.initial);
  const before = first.hessian.product(direction);
  const isFrozen = (_: number, p: number) => direction[p] === 0;
  expect(before.filter(isFrozen)).toEqual(new Float64Array(8));
  const loss = second.hessian.at(second.evaluated, second.initial);
  expect(first.hessian.at(second.evaluated, second.initial)).toBe(loss);
  expect(first.hessian.product(direction)).toEqual(second.hessian.product(direction));
  first.hessian.at(first.evaluated, first.initial);
  expect(first.hessian.product(direction)).toEqual(before);
});
