import type { TensorView } from '../kernels/kernel';
import type { Model } from '../experiment/types';
import { NORMALIZATIONS } from './kinds';
import { DECAYS, FROZEN, NO_GAIN, type Layer, type Settings } from './plan';

/** The layers of a model, their parameters one after the other in the trial's vector. */
export function layersOf(model: Model): Layer[] {
  const widths = [model.inputs, ...model.hidden, model.outputs];
  const last = widths.length - 2;
  const { activation, preactivationGain, normalization } = model;
  let parameters = 0;
  const part = (length: number): TensorView => {
    const view = { buffer: 'parameters', offset: parameters, length };
    parameters += length;
    return view;
  };
  return widths.slice(0, -1).map((fanIn, index): Layer => {
    const fanOut = widths[index + 1]!;
    const isOutput = index === last;
    const chosen = { hidden: !isOutput, all: true, last: index === last - 1 };
    const isNormalized = NORMALIZATIONS[normalization.type] !== undefined && chosen[normalization.layers];
    const activated = !isOutput && (activation !== 'identity' || preactivationGain !== 1);
    const place = activated && normalization.placement === 'post' ? 'after' : 'before';
    return {
      fanIn,
      fanOut,
      scale: scaleOf(model, fanIn, isOutput),
      activated,
      normalized: isNormalized ? place : undefined,
      weights: part(fanIn * fanOut),
      bias: model.bias ? part(fanOut) : undefined,
      affine: isNormalized ? part(2 * fanOut) : undefined,
    };
  });
}

/** Elements of the trial's vector. */
export function parametersOf(layers: readonly Layer[]): number {
  return layers.reduce(
    (sum, { weights, bias, affine }) => sum + weights.length + (bias?.length ?? 0) + (affine?.length ?? 0),
    0,
  );
}

function scaleOf({ scaling }: Model, fanIn: number, isOutput: boolean): number {
  if (scaling === 'standard') return 1;
  return scaling === 'mean-field' && isOutput ? 1 / fanIn : 1 / Math.sqrt(fanIn);
}

export function settingsLayout(layers: number): Settings {
  const scalars = 6;
  return {
    epsilon: 0,
    preactivationGain: 1,
    momentum: 2,
    weightDecay: 3,
    divergence: 4,
    bestConstant: 5,
    learningRate: scalars,
    learningRateNorm: scalars + layers,
    gain: scalars + 2 * layers,
    length: scalars + 3 * layers,
  };
}

/** `Plan.segments`: where in its settings each parameter finds its learning rate and its gain. */
export function segmentsOf(
  layers: readonly Layer[],
  settings: Settings,
  { normalization }: Model,
): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(2 * parametersOf(layers));
  const fill = ({ offset, length }: TensorView, rate: number, gain: number) => {
    for (let p = offset; p < offset + length; p += 1) {
      words[2 * p] = rate;
      words[2 * p + 1] = gain;
    }
  };
  const frozen = normalization.affine === 'frozen' ? FROZEN : 0;
  for (const [index, { weights, bias, affine }] of layers.entries()) {
    const rate = settings.learningRate + index;
    fill(weights, (rate | DECAYS) >>> 0, settings.gain + index);
    if (bias) fill(bias, rate, NO_GAIN);
    if (affine) fill(affine, (settings.learningRateNorm + index) | frozen, NO_GAIN);
  }
  return words;
}
