import backward from '../../shaders/fused/backward.wgsl?raw';
import data from '../../shaders/fused/data.wgsl?raw';
import examining from '../../shaders/fused/examining.wgsl?raw';
import forward from '../../shaders/fused/forward.wgsl?raw';
import judging from '../../shaders/fused/judging.wgsl?raw';
import memoryStorage from '../../shaders/fused/memory_storage.wgsl?raw';
import memoryWorkgroup from '../../shaders/fused/memory_workgroup.wgsl?raw';
import normalization from '../../shaders/fused/normalization.wgsl?raw';
import packQuad from '../../shaders/fused/pack_quad.wgsl?raw';
import packSingle from '../../shaders/fused/pack_single.wgsl?raw';
import phasePart from '../../shaders/fused/phase.wgsl?raw';
import phaseBackward from '../../shaders/fused/phase_backward.wgsl?raw';
import phaseFetch from '../../shaders/fused/phase_fetch.wgsl?raw';
import phaseForward from '../../shaders/fused/phase_forward.wgsl?raw';
import phaseJudge from '../../shaders/fused/phase_judge.wgsl?raw';
import phaseNormalize from '../../shaders/fused/phase_normalize.wgsl?raw';
import phaseNormalizeBackward from '../../shaders/fused/phase_normalize_backward.wgsl?raw';
import phaseStart from '../../shaders/fused/phase_start.wgsl?raw';
import productsQuads from '../../shaders/fused/products_quads.wgsl?raw';
import productsScalars from '../../shaders/fused/products_scalars.wgsl?raw';
import productsTiles from '../../shaders/fused/products_tiles.wgsl?raw';
import productsVector from '../../shaders/fused/products_vector.wgsl?raw';
import stepsWhole from '../../shaders/fused/steps_whole.wgsl?raw';
import teamQuad from '../../shaders/fused/team_quad.wgsl?raw';
import teamSingle from '../../shaders/fused/team_single.wgsl?raw';
import teamTogether from '../../shaders/fused/team_together.wgsl?raw';
import teamWorkgroup from '../../shaders/fused/team_workgroup.wgsl?raw';
import source from '../../shaders/train_fused.wgsl?raw';
import subgroups from '../../shaders/shared/subgroups.wgsl?raw';
import type { PipelineRequest } from '../gpu/compile';
import { FUSED_PARTS, REDUCE } from './parts';
import type { WgslPart } from './kernel';
import { TALLY_PART } from './trials';

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

/** The words of `Phase` after its layer, in order. */
export const PHASE_FIELDS = ['index', 'input', 'rows'] as const;
export type PhaseField = (typeof PHASE_FIELDS)[number];

/** Where `steps` lies, and `until` behind it. */
export const STEPS_WORD = NETWORK_FIELDS.indexOf('steps');

/** The constants of `train_fused.wgsl`. */
export interface FusedConstants {
  ACTIVATION: number;
  LOSS: number;
  STOPS: number;
  MINIBATCH: number;
  MOMENTUM: number;
  BIAS: number;
}

/** How trials are spread over invocations, and where each one's memory is. */
export interface FusedShape {
  /** Who trains a trial: a workgroup together, four invocations that can exchange values, or every invocation its own. */
  readonly team: 'workgroup' | 'quad' | 'single';
  /** Invocations of a workgroup. */
  readonly workgroupSize: number;
  /** A trial's memory; in workgroup memory there is room for the trial of a workgroup only. */
  readonly memory: 'workgroup' | 'storage';
  /** Columns of a load. */
  readonly pack: 1 | 4;
}

/**
 * A phase of a step: `fused/phase_*.wgsl`, its own constants, and its products: the blocks of a layer's matrix, or those
 * of a layer of one unit, whose weights are a vector.
 */
export interface FusedPhase {
  readonly name: keyof typeof PHASES;
  readonly constants: Readonly<Record<string, number>>;
  readonly products?: PhaseBlocks | 'vector';
}

/** The shapes that occur in a phase. */
export interface PhaseBlocks {
  readonly product: readonly BlockShape[];
  readonly gradient: readonly BlockShape[];
}

/** Packs down and across. */
export type BlockShape = readonly [number, number];

/** The most packs down a block of a product, and of a gradient; and across either. */
const DEEPEST = 8;
const HIGHEST = 4;
const WIDEST = 4;

/** The blocks of the product of rows of `inner` packs by weights, `cols` packs wide. */
export function productBlocks(inner: number, cols: number): BlockShape[] {
  return blocks(DEEPEST, inner, cols);
}

/** Whether a pack of that product is the sum of several blocks. */
export function isDeep(inner: number): boolean {
  return sides(DEEPEST, inner)[0] !== inner;
}

/** The blocks of the gradient of weights. */
export function gradientBlocks(packsIn: number, packsOut: number): BlockShape[] {
  return blocks(HIGHEST, packsIn, packsOut);
}

function blocks(highest: number, packsDown: number, packsAcross: number): BlockShape[] {
  const across = [WIDEST, 1].filter((wide) =>
    wide === 1 ? packsAcross % WIDEST > 0 : packsAcross >= WIDEST,
  );
  return sides(highest, packsDown).flatMap((high) => across.map((wide) => [high, wide] as const));
}

/** The powers of two, up to `most`, that a length is cut into, the largest first. */
function sides(most: number, length: number): number[] {
  const found = new Set<number>();
  for (let rest = length; rest > 0;) {
    const side = 2 ** Math.floor(Math.log2(Math.min(most, rest)));
    found.add(side);
    rest -= side;
  }
  return [...found];
}

/** The calls that `products_quads.wgsl` asks for, each shape once. */
function blockCalls({ product, gradient }: PhaseBlocks): string {
  const calls = (shapes: readonly BlockShape[], call: (sides: string) => string) =>
    shapes.map(([down, across]) => `  ${call(`${down}u, ${across}u`)};`).join('\n');
  const widths = new Set(gradient.map(([, across]) => across));
  const most = (shapes: readonly BlockShape[]) => Math.max(1, ...shapes.map(([down]) => down));
  return `
const DEEPEST = ${most(product)}u;
const HIGHEST = ${most(gradient)}u;

fn stream_past_block(shape: Shape, stream: Stream, backward: bool, activates: bool, finish: Finish) {
${calls(product, (sides) => `stream_past(shape, stream, ${sides}, backward, activates, finish)`)}
}

fn sum_outer_products_of_block(shape: Shape, outer: Outer) {
${calls(gradient, (sides) => `sum_outer_products(shape, outer, ${sides})`)}
}

fn move_block_of_width(shape: Shape, block: Move, before: Squares) -> Squares {
  var squares = before;
${[...widths].map((wide) => `  squares = move_block(shape, block, squares, ${wide}u);`).join('\n')}
  return squares;
}
`;
}

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

/** The uniform `Phase`. */
export function packPhase(
  layer: Readonly<Record<LayerField, number>>,
  fields: Readonly<Record<PhaseField, number>>,
): Uint32Array<ArrayBuffer> {
  return Uint32Array.of(...packLayer(layer), ...PHASE_FIELDS.map((name) => fields[name]));
}

function packLayer(layer: Readonly<Record<LayerField, number>>): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(LAYER);
  const floats = new Float32Array(words.buffer);
  for (const [at, name] of LAYER_FIELDS.entries()) (name === 'scale' ? floats : words)[at] = layer[name];
  return words;
}

/** Buffers of group 0, in order, behind the network's uniform. With the tally they would be one more than every device can bind. */
const BUFFERS = ['trials', 'x', 'y', 'settings', 'arena', 'state', 'history', 'norms'] as const;
type BufferName = (typeof BUFFERS)[number] | 'tally';

/** The buffers of a pipeline by their bindings, those that it uses; `network` and `phase` are its uniforms. */
export function fusedBuffers(phase?: FusedPhase): readonly (BufferName | 'network' | 'phase' | undefined)[] {
  if (!phase) return ['network', ...BUFFERS];
  const used = (name: BufferName) =>
    phase.name === 'fetch' ? READ_ONCE.includes(name) : name !== 'x' && name !== 'y';
  return ['network', ...BUFFERS.map((name) => (used(name) ? name : undefined)), 'phase', 'tally'];
}
/** What the phase `fetch` uses, and of which the others need not know. */
const READ_ONCE: readonly BufferName[] = ['trials', 'x', 'y', 'arena'];

function bindingType(name: ReturnType<typeof fusedBuffers>[number]): GPUBufferBindingType | undefined {
  switch (name) {
    case undefined:
      return undefined;
    case 'network':
    case 'phase':
      return 'uniform';
    case 'trials':
    case 'x':
    case 'y':
    case 'settings':
      return 'read-only-storage';
    default:
      return 'storage';
  }
}

const part = (stem: string, text: string): WgslPart => ({ file: `shaders/fused/${stem}.wgsl`, text });
const TOGETHER = part('team_together', teamTogether);
const TEAMS = {
  workgroup: [REDUCE, TOGETHER, part('team_workgroup', teamWorkgroup)],
  quad: [TOGETHER, part('team_quad', teamQuad)],
  single: [part('team_single', teamSingle)],
};
const MEMORIES = {
  workgroup: part('memory_workgroup', memoryWorkgroup),
  storage: part('memory_storage', memoryStorage),
};
const PACKS = { 1: part('pack_single', packSingle), 4: part('pack_quad', packQuad) };
const TILES = part('products_tiles', productsTiles);
const SCALARS = part('products_scalars', productsScalars);
const QUADS = part('products_quads', productsQuads);
const VECTOR = part('products_vector', productsVector);

const DATA = part('data', data);
const FORWARD = part('forward', forward);
const NORMALIZATION = part('normalization', normalization);
const JUDGING = part('judging', judging);
const EXAMINING = part('examining', examining);
const BACKWARD = part('backward', backward);
const WHOLE = [DATA, FORWARD, NORMALIZATION, JUDGING, EXAMINING, BACKWARD, part('steps_whole', stepsWhole)];

const PHASE = part('phase', phasePart);
const PHASES = {
  fetch: [DATA, PHASE, part('phase_fetch', phaseFetch)],
  forward: [FORWARD, PHASE, part('phase_forward', phaseForward)],
  normalize: [NORMALIZATION, PHASE, part('phase_normalize', phaseNormalize)],
  judge: [DATA, JUDGING, EXAMINING, PHASE, part('phase_judge', phaseJudge)],
  start: [JUDGING, PHASE, part('phase_start', phaseStart)],
  normalize_backward: [
    JUDGING,
    NORMALIZATION,
    PHASE,
    part('phase_normalize_backward', phaseNormalizeBackward),
  ],
  backward: [JUDGING, BACKWARD, PHASE, part('phase_backward', phaseBackward)],
};

/** Whether a step is several dispatches: the products of a quad want a layer's shape at compile time. */
export function isPhased({ team }: FusedShape): boolean {
  return team === 'quad';
}

/**
 * The pipeline that trains trials for a slice of steps, or does one phase of a step.
 * @param memorySize packs of workgroup memory, where a trial's is there
 */
export function fusedPipeline(
  shape: FusedShape,
  constants: FusedConstants,
  memorySize: number,
  phase?: FusedPhase,
): PipelineRequest {
  const names = ['train_fused', shape.team, shape.memory, shape.pack, ...(phase ? phaseNames(phase) : [])];
  return {
    label: names.join('.'),
    parts: [
      ...(shape.team === 'quad' ? [{ file: 'shaders/shared/subgroups.wgsl', text: subgroups }] : []),
      ...FUSED_PARTS,
      ...TEAMS[shape.team],
      MEMORIES[shape.memory],
      PACKS[shape.pack],
      { file: 'shaders/train_fused.wgsl', text: source },
      ...(phase
        ? [TALLY_PART, ...productParts(phase), ...PHASES[phase.name]]
        : [shape.pack === 1 ? SCALARS : TILES, ...WHOLE]),
    ],
    bindings: fusedBuffers(phase).map(bindingType),
    constants: {
      ...constants,
      ...phase?.constants,
      WORKGROUP_SIZE: shape.workgroupSize,
      ...(shape.memory === 'workgroup' ? { MEMORY_SIZE: memorySize } : {}),
    },
  };
}

function phaseNames({ name, products }: FusedPhase): string[] {
  if (!products) return [name];
  if (products === 'vector') return [name, products];
  return [name, ...[...products.product, [0, 0], ...products.gradient].map((sides) => sides.join('x'))];
}

function productParts({ products }: FusedPhase): WgslPart[] {
  if (!products) return [];
  if (products === 'vector') return [VECTOR];
  return [QUADS, { file: 'the blocks of this phase', text: blockCalls(products) }];
}
