import memoryStorage from '../../shaders/shared/memory_storage.wgsl?raw';
import memoryWorkgroup from '../../shaders/shared/memory_workgroup.wgsl?raw';
import source from '../../shaders/train_fused.wgsl?raw';
import type { PipelineRequest } from '../gpu/compile';
import { FUSED_PARTS } from './parts';
import type { WgslPart } from './kernel';

/** Layers of `Network.table`. */
export const MOST_LAYERS = 64;
/** "There is none", as an offset. */
export const NONE = 0xffffffff;

/** The words of `Network` before its table, in order. */
export const NETWORK_FIELDS = [
  'layers',
  'steps',
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
] as const;
export type NetworkField = (typeof NETWORK_FIELDS)[number];
/** Words up to the table, which begins at a multiple of 16 bytes. */
const HEADER = Math.ceil(NETWORK_FIELDS.length / 4) * 4;

/** The words of `Layer`, in order; `scale` is a float. */
export const LAYER_FIELDS = [
  'fan_in',
  'fan_out',
  'quads_in',
  'quads_out',
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

export const STEPS_WORD = NETWORK_FIELDS.indexOf('steps');

/** The override constants of `train_fused.wgsl`. */
export interface FusedConstants {
  WORKGROUP_SIZE: number;
  ACTIVATION: number;
  LOSS: number;
  STOPS: number;
  MINIBATCH: number;
  TRACING: number;
  MOMENTUM: number;
  AFTER: number;
  FROZEN: number;
  BIAS: number;
}

/** The uniform `Network`: what the shader reads the network from. */
export function packNetwork(
  header: Readonly<Record<NetworkField, number>>,
  layers: readonly Readonly<Record<LayerField, number>>[],
): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(HEADER + MOST_LAYERS * LAYER);
  for (const [at, name] of NETWORK_FIELDS.entries()) words[at] = header[name];
  const floats = new Float32Array(words.buffer);
  for (const [index, layer] of layers.entries())
    for (const [at, name] of LAYER_FIELDS.entries())
      (name === 'scale' ? floats : words)[HEADER + index * LAYER + at] = layer[name];
  return words;
}

/** Buffers of group 0 after the uniform, in order of their bindings. */
export const FUSED_BUFFERS = ['trials', 'x', 'y', 'settings', 'arena', 'state', 'history', 'norms'] as const;

/**
 * The pipeline that trains one trial a workgroup.
 * @param memorySize quads of workgroup memory that hold a trial; undefined: it lies in the arena
 */
export function fusedPipeline(constants: FusedConstants, memorySize: number | undefined): PipelineRequest {
  const memory: WgslPart =
    memorySize === undefined
      ? { file: 'shaders/shared/memory_storage.wgsl', text: memoryStorage }
      : { file: 'shaders/shared/memory_workgroup.wgsl', text: memoryWorkgroup };
  return {
    label: memorySize === undefined ? 'train_fused.storage' : 'train_fused.workgroup',
    parts: [...FUSED_PARTS, memory, { file: 'shaders/train_fused.wgsl', text: source }],
    bindings: [
      'uniform',
      'read-only-storage',
      'read-only-storage',
      'read-only-storage',
      'read-only-storage',
      'storage',
      'storage',
      'storage',
      'storage',
    ],
    constants: { ...constants, ...(memorySize === undefined ? {} : { MEMORY_SIZE: memorySize }) },
  };
}
