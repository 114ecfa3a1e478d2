import { afterAll, beforeAll, expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import { trialDocument } from '../../src/experiment/trial';
import type { Activation, TrialDocument } from '../../src/experiment/types';
import { ACTIVATION_KERNELS, type ActivationKernel } from '../../src/kernels/activation';
import { ExactHessian } from '../../src/training/exact_hessian';
import { steadyProducts } from '../../src/measures/hessian';
import { ACTIVATIONS, type ActivationFunction } from '../../src/reference/activation';
import type { Engine } from '../../src/training/engine';
import { Evaluator } from '../../src/training/evaluator';
import { FirstFitEngine } from '../../src/training/first_fit_engine';
import { FusedEngine } from '../../src/training/fused_engine';
import { LayeredEngine } from '../../src/training/layered_engine';
import { planOf } from '../../src/training/planner';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { WaveInputs } from '../../src/training/wave_input';
import { sharedGpu } from '../sweeps';

/** x·σ(x), of which the derivative cannot be computed from the output: it falls before it rises. */
const silu: ActivationFunction = {
  phi: (x) => x / (1 + Math.exp(-x)),
  derivative(x) {
    const sigma = 1 / (1 + Math.exp(-x));
    return sigma * (1 + x * (1 - sigma));
  },
  derivativeFrom: 'input',
  bend(x) {
    const sigma = 1 / (1 + Math.exp(-x));
    return sigma * (1 - sigma) * (2 + x * (1 - 2 * sigma));
  },
};
const siluKernel: ActivationKernel = {
  part: {
    file: 'shaders/activations/silu.wgsl',
    text: `
fn phi_of(x: f32) -> f32 {
  return x * sigmoid(x);
}

fn phi_derivative_of(x: f32) -> f32 {
  let s = sigmoid(x);
  return s * (1.0 + x * (1.0 - s));
}
`,
  },
  flops: { forward: 5, backward: 7 },
  outputs: [-0.3, 4],
  ulps: () => 8,
};
// A kind of this file's own, registered as every other is, and unknown to the files after it.
beforeAll(() => {
  Object.assign(ACTIVATIONS, { silu });
  Object.assign(ACTIVATION_KERNELS, { silu: siluKernel });
});
afterAll(() => {
  Reflect.deleteProperty(ACTIVATIONS, 'silu');
  Reflect.deleteProperty(ACTIVATION_KERNELS, 'silu');
});

function trial(activation: string, change: Partial<TrialDocument['model']> = {}): TrialDocument {
  const document = trialDocument(presetExperiment('init-gain'), 1, 0, 0.05, 1);
  return {
    ...document,
    model: { ...document.model, activation: activation as Activation, preactivationGain: 1.5, ...change },
    optimizer: { ...document.optimizer, steps: 12 },
  };
}

async function losses(
  engine: Engine,
  document: TrialDocument,
): Promise<{ losses: Float64Array; saturated: number }> {
  const plan = planOf(document);
  const wave = await engine.open(new WaveInputs().of(plan, [document]));
  const { saturated } = await wave.run(plan.steps, 1); // dispatch by dispatch, since lavapipe cuts longer ones
  const history = await wave.read('history');
  wave.close();
  return { losses: history, saturated: saturated[0]! };
}

test('a derivative that needs the input: refused by the fused engine, trained right by the next', async () => {
  const gpu = await sharedGpu();
  const fused = new FusedEngine(gpu);
  const layered = new LayeredEngine(gpu);
  const engine = new FirstFitEngine([fused, layered]);
  const { normalization } = trial('silu').model;
  for (const change of [
    {},
    { normalization: { ...normalization, type: 'none' } },
    { normalization: { ...normalization, placement: 'post' } },
  ] as const) {
    const document = trial('silu', change);
    const plan = planOf(document);
    expect([fused, layered, engine].map((each) => each.supports(plan))).toEqual([false, true, true]);
    expect(engine.needs(plan)).toEqual(layered.needs(plan));
    const [found, wanted] = [await losses(engine, document), await losses(new ReferenceEngine(), document)];
    for (const [step, loss] of wanted.losses.entries())
      expect(Math.abs(found.losses[step]! - loss)).toBeLessThan(1e-4 * loss);
    expect(wanted.losses.at(-1)).toBeLessThan(wanted.losses[0]!);
    expect(found.saturated).toBeCloseTo(wanted.saturated, 3);
  }
});

test('its Hessian is that of its gradients', async () => {
  const evaluator = await Evaluator.open(new ReferenceEngine(), [trial('silu')]);
  const { plan, input } = evaluator;
  const [{ dataset, settings }] = input.trials as [(typeof input.trials)[number]];
  const parameters = await evaluator.initial();
  const direction = parameters.map((_, p) => Math.sin(p + 1));
  const hessian = new ExactHessian(plan);
  hessian.at({ data: input.datasets[dataset]!, settings }, parameters);
  const product = hessian.product(direction);
  const { products } = await steadyProducts(evaluator, parameters, direction);
  const largest = Math.max(...products.map(Math.abs));
  for (const [p, value] of product.entries())
    expect(Math.abs(value - products[p]!)).toBeLessThan(1e-6 * largest);
});

test('what the first engine supports is trained by it', async () => {
  const gpu = await sharedGpu();
  const fused = new FusedEngine(gpu);
  const engine = new FirstFitEngine([fused, new LayeredEngine(gpu)]);
  const plan = planOf(trial('relu'));
  expect(fused.supports(plan)).toBe(true);
  expect(engine.needs(plan)).toEqual(fused.needs(plan));
  expect(await losses(engine, trial('relu'))).toEqual(await losses(fused, trial('relu')));
});

test('a plan that no engine supports is an error, not another plan', () => {
  class Nothing extends ReferenceEngine {
    override supports = () => false;
  }
  const engine = new FirstFitEngine([new Nothing()]);
  const plan = planOf(trial('relu'));
  expect(engine.supports(plan)).toBe(false);
  expect(() => engine.needs(plan)).toThrow(/No engine trains the plan/);
});
