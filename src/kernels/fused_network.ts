/** The network as `train_fused.wgsl` knows it: its words in order, as the structs of the shader have them. */

/** Layers of the table. */
export const MOST_LAYERS = 64;
/** "There is none", as an offset. */
export const NONE = 0xffffffff;
/** What `Layer.activated` may be besides 0, as the shader names it. */
export const ACTIVATED_LAST = 1;
export const ACTIVATED_FIRST = 2;

/** The words of `Network`, in order. */
export const NETWORK_FIELDS = [
  'layers',
  'stride',
  'carried',
  'velocity',
  'gradient',
  'delta_0',
  'delta_1',
  'x',
  'y',
  'batch_x',
  'batch_y',
  'samples',
  'batch',
  'inputs',
  'outputs',
  'ring',
  'settings',
  'epsilon_at',
  'preactivation_gain_at',
  'momentum_at',
  'weight_decay_at',
  'divergence_at',
  'best_constant_at',
  'learning_rate_at',
  'learning_rate_norm_at',
  'prediction',
  'tracing',
  'frozen',
  'parameters',
  'total',
  'size',
] as const;
export type NetworkField = (typeof NETWORK_FIELDS)[number];

/** The words of `Slice`, in order. */
export const SLICE_FIELDS = ['steps', 'until', 'interleaved'] as const;
export type SliceField = (typeof SLICE_FIELDS)[number];

/** The words of `Layer`, in order; `scale` is a float. */
export const LAYER_FIELDS = [
  'fan_in',
  'fan_out',
  'packs_in',
  'packs_out',
  'weights',
  'bias',
  'affine',
  'z',
  'output',
  'stats',
  'scale',
  'activated',
  'splits',
] as const;
export type LayerField = (typeof LAYER_FIELDS)[number];
const LAYER = Math.ceil(LAYER_FIELDS.length / 4) * 4;

/** A network and its layers, as the shader has them. */
export interface FusedNetwork {
  readonly header: Readonly<Record<NetworkField, number>>;
  readonly layers: readonly Readonly<Record<LayerField, number>>[];
}

/** The uniform `network`. */
export function packNetwork({ header }: FusedNetwork): Uint32Array<ArrayBuffer> {
  return packed(NETWORK_FIELDS, header);
}

/** The uniform `table`. */
export function packTable({ layers }: FusedNetwork): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(MOST_LAYERS * LAYER);
  for (const [index, layer] of layers.entries()) words.set(packLayer(layer), index * LAYER);
  return words;
}

/** The uniform `slice`. */
export function packSlice(slice: Readonly<Record<SliceField, number>>): Uint32Array<ArrayBuffer> {
  return packed(SLICE_FIELDS, slice);
}

/** Words in order, up to a multiple of 16 bytes. */
function packed<Name extends string>(
  names: readonly Name[],
  fields: Readonly<Record<Name, number>>,
): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(names.length / 4) * 4);
  for (const [at, name] of names.entries()) words[at] = fields[name];
  return words;
}

/** The words of `Layer`. */
export function packLayer(layer: Readonly<Record<LayerField, number>>): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(LAYER);
  const floats = new Float32Array(words.buffer);
  for (const [at, name] of LAYER_FIELDS.entries()) (name === 'scale' ? floats : words)[at] = layer[name];
  return words;
}
