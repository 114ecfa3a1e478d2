import { expect, test } from 'vitest';
import { gradientFactors, productOf } from '../../src/theory/gradient_factors';
import { pass, placesOf } from '../../src/theory/small_network';
import { Evaluator } from '../../src/training/evaluator';
import { batchOf, type ArmIndex } from '../../src/ui/chain/chain_network';
import type { ChainView } from '../../src/ui/chain/chain_view';
import { asDocument, FIRST_CHAIN } from '../chain_views';
import { tried } from '../every';
import { ENGINES } from '../sweeps';

const NETWORK: ChainView = {
  ...FIRST_CHAIN,
  net: 'network',
  weights: [1.5, 2],
  biases: [0.3, -0.2],
  width: 3,
};

const BEHIND: ChainView = { ...NETWORK, activation: 'sigmoid', placement: 'post' };

/** Relative to the largest gradient of a network: of one that batch norm removes nearly all of, float32 keeps what rounding leaves. */
const TOLERANCE = 1e-5;

type Case = readonly [what: string, engine: keyof typeof ENGINES, view: ChainView, arm: ArmIndex];

test.each(
  tried<Case>(
    [
      ['the chain with batch norm', 'fused in software', FIRST_CHAIN, 1],
      ['a ReLU network', 'layered', NETWORK, 0],
    ],
    [
      ['the chain', 'fused', FIRST_CHAIN, 0],
      ['a sigmoid network with batch norm behind φ', 'fused', BEHIND, 1],
    ],
  ),
)('%s, %s: the factors multiply to the gradient that the kernels compute', async (_, name, view, arm) => {
  const { document, network, start } = asDocument(view, arm);
  const evaluator = await Evaluator.open(await ENGINES[name](), [document]);
  const all = new Float64Array(evaluator.plan.parameters);
  if (all.length > start.length) all[start.length] = 1; // the linear layer behind
  all.set(start);
  const { gradients } = await evaluator.at(all);
  evaluator.close();
  const at = pass(network, start.map(Math.fround), batchOf(view));
  const largest = Math.max(...at.gradient.map(Math.abs));
  for (const [layer, { weights }] of placesOf(network).entries()) {
    const { fanIn, fanOut } = network.layers[layer]!;
    const values = Array.from(gradients.slice(weights, weights + fanIn * fanOut));
    const wanted = values.length === 1 ? values[0]! : Math.hypot(...values);
    expect(Math.abs(productOf(gradientFactors(at, layer)) - wanted)).toBeLessThanOrEqual(TOLERANCE * largest);
  }
});
