import { normal } from '../src/experiment/random';
import { parseExperiment } from '../src/experiment/parse';
import { baseTrial } from '../src/experiment/trial';
import type { TrialDocument } from '../src/experiment/types';
import { placesOf, type SmallNetwork } from '../src/theory/small_network';
import { batchOf, networkOf, startOf, type ArmIndex } from '../src/ui/chain/chain_network';
import { CHAIN_SETTINGS, RANGES, type ChainView } from '../src/ui/chain/chain_view';
import type { Range } from '../src/ui/page/link_settings';
import { firstView } from './first_view';
import { mulberry32 } from './mulberry32';

/** What the Chain rule tab opens with. */
export const FIRST_CHAIN = firstView(CHAIN_SETTINGS);

/** Settings of the tab's sliders that a seed makes. */
export function randomChainView(seed: number): ChainView {
  const random = mulberry32(seed);
  const one = <T>(options: readonly T[]): T => options[Math.floor(random() * options.length)]!;
  const whole = ({ least, most }: Range) => least + Math.floor(random() * (most - least + 1));
  const log = ({ least, most }: Range) => Number((least * (most / least) ** random()).toPrecision(3));
  const depth = whole(RANGES.depth);
  const layer = () => whole({ least: 1, most: depth });
  return {
    net: one(['chain', 'network']),
    weights: Array.from({ length: depth }, () => log(RANGES.weight)),
    biases:
      random() < 0.3 ? [] : Array.from({ length: depth }, () => Number((6 * random() - 3).toFixed(1)) + 0),
    width: whole(RANGES.width),
    activation: one(['relu', 'sigmoid']),
    placement: one(['pre', 'post']),
    affine: one(['trained', 'frozen']),
    rate: log(RANGES.rate),
    layer: layer(),
    scaled: layer(),
    scale: log(RANGES.scale),
    step: 0,
  };
}

/** The parameters with γ and β somewhere else than where they begin, as training would move them. */
export function moved(network: SmallNetwork, parameters: Float64Array, seed: number): Float64Array {
  const places = placesOf(network);
  const result = parameters.slice();
  for (const { gamma, end } of places)
    for (let i = gamma; i < end; i++) result[i]! += 0.2 * normal(seed, 'weights', 99, i);
  return result;
}

/**
 * The same network as a document: the network's output layer of φ is there a hidden one, behind which a linear layer of weight 1 stands.
 * @returns with the plan's parameters, of which the first are the network's own
 */
export function asDocument(
  view: ChainView,
  arm: ArmIndex,
): { document: TrialDocument; network: SmallNetwork; start: Float64Array } {
  const network = networkOf(view, arm);
  const start = startOf(view, network);
  const { x, y } = batchOf(view);
  const isChain = view.net === 'chain';
  const widths = network.layers.map(({ fanOut }) => fanOut);
  const rows = (values: Float32Array) => Array.from(values, (value) => [value]);
  const document = baseTrial(
    parseExperiment({
      format: 'normscape/experiment',
      version: 1,
      model: {
        inputs: 1,
        hidden: isChain ? widths.slice(0, -1) : widths,
        outputs: 1,
        activation: isChain ? 'identity' : view.activation,
        bias: !isChain,
        normalization:
          arm === 0
            ? { type: 'none' }
            : { placement: isChain ? 'pre' : view.placement, affine: view.affine, epsilon: network.epsilon },
        initialization: { type: 'constant' },
      },
      data: { type: 'inline', x: rows(x), y: rows(y) },
      loss: 'half-mse',
      optimizer: { learningRate: 0, steps: 1 },
      axes: { x: { parameter: 'optimizer.learningRate', scale: 'log', from: 1e-3, to: 1, count: 2 } },
    }),
  );
  return { document, network, start };
}
