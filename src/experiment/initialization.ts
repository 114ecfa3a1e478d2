import { isNormalized, layerSizes, type LayerSize } from './layers';
import { matrixIndex, normal } from './random';
import type { Initialization, Model } from './types';

export interface InitialParameters {
  /** By layer, (fanIn × fanOut) row-major, before the gain. */
  weights: Float32Array[];
  /** By layer, fanOut long where the layer has them and empty where it does not; so too γ and β. */
  biases: Float32Array[];
  gammas: Float32Array[];
  betas: Float32Array[];
}

type Variance = (size: LayerSize, isOutput: boolean) => number;

const VARIANCE: Readonly<Record<Exclude<Initialization['type'], 'constant' | 'inline'>, Variance>> = {
  // Half a ReLU's inputs pass; all of the linear output layer's do.
  he: ({ fanIn }, isOutput) => (isOutput ? 1 : 2) / fanIn,
  lecun: ({ fanIn }) => 1 / fanIn,
  glorot: ({ fanIn, fanOut }) => 2 / (fanIn + fanOut),
  normal: () => 1,
};

/** Weights of one layer that are not inline. */
function drawWeights(
  type: Exclude<Initialization['type'], 'inline'>,
  size: LayerSize,
  layer: number,
  isOutput: boolean,
  seed: number,
): Float32Array {
  const { fanIn, fanOut } = size;
  if (type === 'constant') return new Float32Array(fanIn * fanOut).fill(1);
  const deviation = Math.sqrt(VARIANCE[type](size, isOutput));
  return Float32Array.from(
    { length: fanIn * fanOut },
    (_, i) => deviation * normal(seed, 'weights', layer, matrixIndex(Math.floor(i / fanOut), i % fanOut)),
  );
}

/** Initial parameters of a network, before the gain, each exactly a float32. */
export function initialParameters(model: Model, seed: number): InitialParameters {
  const { type, weights, biases, gammas, betas } = model.initialization;
  const sizes = layerSizes(model);
  const vectors = (exists: (layer: number) => boolean, given: number[][] | undefined, value: number) =>
    sizes.map(({ fanOut }, layer) => {
      if (!exists(layer)) return new Float32Array();
      const inline = given?.[layer] ?? [];
      return inline.length > 0 ? Float32Array.from(inline) : new Float32Array(fanOut).fill(value);
    });
  const normalized = (layer: number) => isNormalized(model, layer);
  return {
    weights: sizes.map((size, layer) =>
      type === 'inline'
        ? Float32Array.from(weights?.[layer]?.flat() ?? [])
        : drawWeights(type, size, layer, layer === sizes.length - 1, seed),
    ),
    biases: vectors(() => model.bias, biases, 0),
    gammas: vectors(normalized, gammas, 1),
    betas: vectors(normalized, betas, 0),
  };
}

/** The factor of each layer's weights. */
export function layerGains({ hidden, initialization }: Pick<Model, 'hidden' | 'initialization'>): number[] {
  return initialization.gainLayers ?? Array<number>(hidden.length + 1).fill(initialization.gain);
}
