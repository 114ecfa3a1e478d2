import { expect, test } from 'vitest';
import { gradientFactors, productOf } from '../../src/theory/gradient_factors';
import { pass, placesOf, type Pass, type SmallNetwork } from '../../src/theory/small_network';
import { Evaluator } from '../../src/training/evaluator';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { batchOf } from '../../src/ui/chain/chain_network';
import { asDocument, FIRST_CHAIN, moved, randomChainView } from '../chain_views';
import { tried } from '../every';

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);

/** Of a layer's weights: the number itself, or the norm of several. */
function weightGradient(
  { layers }: SmallNetwork,
  weights: number,
  layer: number,
  gradient: ArrayLike<number>,
): number {
  const { fanIn, fanOut } = layers[layer]!;
  const values = Array.from({ length: fanIn * fanOut }, (_, i) => gradient[weights + i]!);
  return values.length === 1 ? values[0]! : Math.hypot(...values);
}

/** What a gradient would be if batch norm removed nothing: of this size are the roundings that are left where it removes nearly all. */
function beforeRemoval(at: Pass, layer: number): number {
  const removes = (part: string | undefined) => part === 'mean' || part === 'standardized';
  const kept = gradientFactors(at, layer).filter(({ part, kind }) => !removes(part) && kind !== 'alignment');
  return Math.abs(productOf(kept));
}

test('the factors multiply to the gradient that the kernels’ twins compute, wherever the sliders are', async () => {
  const engine = new ReferenceEngine();
  let layers = 0;
  for (const seed of tried(SEEDS.slice(0, 100), SEEDS.slice(100))) {
    const view = randomChainView(seed);
    for (const arm of [0, 1] as const) {
      const { document, network, start } = asDocument(view, arm);
      const parameters = seed % 2 === 0 ? start : moved(network, start, seed);
      const at = pass(network, parameters, batchOf(view));
      const evaluator = await Evaluator.open(engine, [document]);
      // Behind the network's own parameters the document has a linear layer of weight 1 without bias.
      const all = new Float64Array(evaluator.plan.parameters);
      if (all.length > parameters.length) all[parameters.length] = 1;
      all.set(parameters);
      const { losses, gradients } = await evaluator.at(all);
      evaluator.close();
      expect(Math.abs(losses[0]! - at.loss), `loss of seed ${seed}`).toBeLessThanOrEqual(1e-9 * at.loss);
      for (const [layer, { weights }] of placesOf(network).entries()) {
        const wanted = weightGradient(network, weights, layer, gradients);
        const factors = gradientFactors(at, layer);
        const found = productOf(factors);
        const error = Math.abs(found - wanted);
        const least = 1e-12 * beforeRemoval(at, layer);
        if (!(error <= 1e-5 * Math.abs(wanted) + least))
          throw new Error(`seed ${seed}, arm ${arm}, layer ${layer}: ${found} is not ${wanted}`);
        layers += Number(Math.abs(wanted) > 10 * least);
      }
    }
  }
  expect(layers).toBeGreaterThan(500); // in so many the tolerance is that of the gradient
});

test('where no gradient comes, a factor is nothing and the product is 0', () => {
  const { network, start } = asDocument({ ...FIRST_CHAIN, net: 'network', biases: [-3, -3, -3, -3, -3] }, 0);
  const factors = gradientFactors(pass(network, start.fill(-1), batchOf(FIRST_CHAIN)), 0);
  expect(factors.some(({ value }) => value === undefined)).toBe(true);
  expect(Math.abs(productOf(factors))).toBe(0);
});

test('no factor of what batch norm removes, and none of how far signal and gradient agree, is above 1', () => {
  for (const seed of SEEDS) {
    const view = randomChainView(seed);
    const { network, start } = asDocument(view, 1);
    const at = pass(network, start, batchOf(view));
    const bounded = [...network.layers.keys()]
      .flatMap((layer) => gradientFactors(at, layer))
      .filter(({ kind, part }) => kind === 'alignment' || part === 'mean' || part === 'standardized')
      .map(({ value }) => Math.abs(value ?? 0));
    expect(Math.max(...bounded)).toBeLessThan(1 + 1e-9);
  }
});
