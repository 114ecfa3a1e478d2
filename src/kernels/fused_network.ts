/** The uniform from which `train_fused.wgsl` reads a network: its words in order, as the structs of the shader have them. */

/** Layers of `Network.table`. */
export const MOST_LAYERS = 64;
/** "There is none", as an offset. */
export const NONE = 0xffffffff;
/** What `Layer.activated` may be besides 0, as the shader names it. */
export const ACTIVATED_LAST = 1;
export const ACTIVATED_FIRST = 2;

/** The words of `Network` before its table, in order. */
export const NETWORK_FIELDS = [
  'layers',
  'steps',
  'until',
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
  'interleaved',
] as const;
export type NetworkField = (typeof NETWORK_FIELDS)[number];
/** Words up to the table, which begins at a multiple of 16 bytes. */
const HEADER = Math.ceil(NETWORK_FIELDS.length / 4) * 4;

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

/** Where `steps` lies, and `until` behind it. */
export const STEPS_WORD = NETWORK_FIELDS.indexOf('steps');

/** The uniform `Network`: what the shader reads the network from. */
export function packNetwork(
  header: Readonly<Record<NetworkField, number>>,
  layers: readonly Readonly<Record<LayerField, number>>[],
): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(HEADER + MOST_LAYERS * LAYER);
  for (const [at, name] of NETWORK_FIELDS.entries()) words[at] = header[name];
  for (const [index, layer] of layers.entries()) words.set(packLayer(layer), HEADER + index * LAYER);
  return words;
}

/** The words of `Layer`. */
export function packLayer(layer: Readonly<Record<LayerField, number>>): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(LAYER);
  const floats = new Float32Array(words.buffer);
  for (const [at, name] of LAYER_FIELDS.entries()) (name === 'scale' ? floats : words)[at] = layer[name];
  return words;
}
