import type { Model } from './types';

export interface LayerSize {
  fanIn: number;
  fanOut: number;
}

/** Weight layers, the linear output layer last. */
export function layerSizes(model: Pick<Model, 'inputs' | 'hidden' | 'outputs'>): LayerSize[] {
  const widths = [model.inputs, ...model.hidden, model.outputs];
  return widths.slice(1).map((fanOut, layer) => ({ fanIn: widths[layer] ?? 0, fanOut }));
}

/** Whether a weight layer (from 0) is followed by batch normalization. */
export function isNormalized(model: Pick<Model, 'hidden' | 'normalization'>, layer: number): boolean {
  const { type, layers } = model.normalization;
  if (type === 'none') return false;
  const output = model.hidden.length;
  return layers === 'all' || (layer < output && (layers === 'hidden' || layer === output - 1));
}
