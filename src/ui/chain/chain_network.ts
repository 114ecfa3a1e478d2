import { bestConstantLoss, makeData } from '../../experiment/data';
import { presetExperiment } from '../../experiment/presets';
import { matrixIndex, normal } from '../../experiment/random';
import { baseTrial } from '../../experiment/trial';
import type { DataSet } from '../../experiment/types';
import { batchNormChainLargestRate } from '../../theory/batch_norm_chain';
import { chainLargestRate } from '../../theory/chain';
import { placesOf, type SmallNetwork } from '../../theory/small_network';
import type { ChainView } from './chain_view';

/** The networks that the Chain rule tab compares. */
export const ARMS = ['without batch norm', 'with batch norm'] as const;
export type ArmIndex = 0 | 1;

const SAMPLES = 32;
const SEED = 1;
const EPSILON = 1e-5;
/** A trial has diverged where its loss is above so many times the larger of the first and of the best constant's. */
const DIVERGENCE = 1000;

/** x of mean 0 and mean square 1, y = x: the data of the preset. */
const LINE: DataSet = makeData({
  ...baseTrial(presetExperiment('chain')),
  data: { type: 'linear', samples: SAMPLES, target: 1, inputScale: 1, inputShift: 0, noise: 0 },
  seed: SEED,
});
/** Is x above 0? */
const SIDE: DataSet = { ...LINE, y: LINE.x.map((x) => Number(x > 0)) };

/** The batch that a network is trained on. */
export function batchOf({ net }: ChainView): DataSet {
  return net === 'chain' ? LINE : SIDE;
}

/** The loss above which descent has diverged. */
export function divergenceLimit(view: ChainView, firstLoss: number): number {
  return DIVERGENCE * Math.max(firstLoss, bestConstantLoss(batchOf(view), 'half-mse'));
}

/**
 * The chain has batch norm after each of its units but for the last, whose weight gives ŷ; the network has it at every φ, and φ at
 * every layer, so that ŷ = φ(z) as in the question.
 */
export function networkOf(
  { net, weights, width, activation, placement, affine }: ChainView,
  arm: ArmIndex,
): SmallNetwork {
  const last = weights.length - 1;
  const place = placement === 'pre' ? 'before' : 'after';
  return {
    affine,
    epsilon: EPSILON,
    layers: weights.map((_, layer) =>
      net === 'chain'
        ? {
            fanIn: 1,
            fanOut: 1,
            bias: false,
            normalized: arm === 1 && layer < last ? 'before' : undefined,
            activation: 'identity',
          }
        : {
            fanIn: layer === 0 ? 1 : width,
            fanOut: layer === last ? 1 : width,
            bias: true,
            normalized: arm === 1 ? place : undefined,
            activation,
          },
    ),
  };
}

/** Where descent starts; both arms have the same weights. */
export function startOf(view: ChainView, network: SmallNetwork): Float64Array {
  const places = placesOf(network);
  const parameters = new Float64Array(places.at(-1)!.end);
  for (const [layer, { fanIn, fanOut, normalized }] of network.layers.entries()) {
    const { weights, bias, gamma, beta } = places[layer]!;
    const isOne = fanIn === 1 && fanOut === 1;
    for (let i = 0; i < fanIn * fanOut; i++) {
      const [row, column] = [Math.floor(i / fanOut), i % fanOut];
      const drawn = normal(SEED, 'weights', layer, matrixIndex(row, column)) * Math.sqrt(2 / fanIn);
      parameters[weights + i] = view.weights[layer]! * (isOne ? 1 : drawn);
    }
    if (view.net === 'network') parameters.fill(view.biases[layer] ?? 0, bias, gamma);
    if (normalized) parameters.fill(1, gamma, beta);
  }
  return parameters;
}

/** The parameters with the weights of a layer multiplied. */
export function withScaled(
  network: SmallNetwork,
  parameters: Float64Array,
  layer: number,
  by: number,
): Float64Array {
  const { weights } = placesOf(network)[layer]!;
  const { fanIn, fanOut } = network.layers[layer]!;
  return parameters.map((value, i) => (i >= weights && i < weights + fanIn * fanOut ? by * value : value));
}

/** What theory says of the largest rate at which a chain converges; of networks it says nothing so plain. */
export function predictedRate({ net, weights, affine }: ChainView, arm: ArmIndex): number | undefined {
  if (net !== 'chain') return undefined;
  return arm === 0
    ? chainLargestRate({ depth: weights.length, target: 1, meanSquare: 1 })
    : batchNormChainLargestRate(affine, 1);
}
