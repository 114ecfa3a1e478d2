import phasePart from '../../../shaders/software/phase.wgsl?raw';
import phaseBackward from '../../../shaders/software/phase_backward.wgsl?raw';
import phaseFetch from '../../../shaders/software/phase_fetch.wgsl?raw';
import phaseForward from '../../../shaders/software/phase_forward.wgsl?raw';
import phaseJudge from '../../../shaders/software/phase_judge.wgsl?raw';
import phaseNormalize from '../../../shaders/software/phase_normalize.wgsl?raw';
import phaseNormalizeBackward from '../../../shaders/software/phase_normalize_backward.wgsl?raw';
import phaseStart from '../../../shaders/software/phase_start.wgsl?raw';
import productsQuads from '../../../shaders/software/products_quads.wgsl?raw';
import productsVector from '../../../shaders/software/products_vector.wgsl?raw';
import { packLayer, type LayerField } from '../fused_network';
import { BACKWARD, DATA, EXAMINING, FORWARD, JUDGING, LOSSES, NORMALIZATION } from '../fused_parts';
import type { WgslPart } from '../kernel';
import { softwarePart as part } from './parts';

/** The words of `Phase` after its layer, in order. */
export const PHASE_FIELDS = ['index', 'input', 'rows'] as const;
export type PhaseField = (typeof PHASE_FIELDS)[number];

/**
 * A phase of a step: `shaders/software/phase_*.wgsl`, its own constants, and its products: the blocks of a layer's matrix, or those
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

/** The uniform `Phase`. */
export function packPhase(
  layer: Readonly<Record<LayerField, number>>,
  fields: Readonly<Record<PhaseField, number>>,
): Uint32Array<ArrayBuffer> {
  return Uint32Array.of(...packLayer(layer), ...PHASE_FIELDS.map((name) => fields[name]));
}

const QUADS = part('products_quads', productsQuads);
const VECTOR = part('products_vector', productsVector);
const PHASE = part('phase', phasePart);
const PHASES = {
  fetch: [DATA, PHASE, part('phase_fetch', phaseFetch)],
  forward: [FORWARD, PHASE, part('phase_forward', phaseForward)],
  normalize: [NORMALIZATION, PHASE, part('phase_normalize', phaseNormalize)],
  judge: [DATA, LOSSES, JUDGING, EXAMINING, PHASE, part('phase_judge', phaseJudge)],
  start: [LOSSES, JUDGING, PHASE, part('phase_start', phaseStart)],
  normalize_backward: [
    LOSSES,
    JUDGING,
    NORMALIZATION,
    PHASE,
    part('phase_normalize_backward', phaseNormalizeBackward),
  ],
  backward: [LOSSES, JUDGING, BACKWARD, PHASE, part('phase_backward', phaseBackward)],
};

/** A phase in the words of a label. */
export function wordsOfPhase({ name, products }: FusedPhase): string[] {
  if (!products) return [name];
  if (products === 'vector') return [name, products];
  return [name, ...[...products.product, [0, 0], ...products.gradient].map((sides) => sides.join('x'))];
}

/** What a phase is put together from, behind what it has in common with whole steps. */
export function partsOfPhase(phase: FusedPhase): WgslPart[] {
  return [...productParts(phase), ...PHASES[phase.name]];
}

function productParts({ products }: FusedPhase): WgslPart[] {
  if (!products) return [];
  if (products === 'vector') return [VECTOR];
  return [QUADS, { file: 'the blocks of this phase', text: blockCalls(products) }];
}

/** What the phase `fetch` uses, and of which the others need not know. */
const READ_ONCE: readonly string[] = ['trials', 'x', 'y', 'arena'];

/** Of the buffers of whole steps, by their bindings, those that a phase uses; and its own two behind them. */
export function phaseBuffers<Name extends string>(
  { name }: FusedPhase,
  buffers: readonly Name[],
): (Name | undefined | 'phase' | 'tally')[] {
  const used = (buffer: Name) =>
    name === 'fetch' ? READ_ONCE.includes(buffer) : buffer !== 'x' && buffer !== 'y';
  return [...buffers.map((buffer) => (used(buffer) ? buffer : undefined)), 'phase', 'tally'];
}
