import layersHeld from '../../shaders/fused/layers_held.wgsl?raw';
import layersInMemory from '../../shaders/fused/layers_in_memory.wgsl?raw';
import memoryInterleaved from '../../shaders/fused/memory_interleaved.wgsl?raw';
import memoryStorage from '../../shaders/fused/memory_storage.wgsl?raw';
import memoryWorkgroup from '../../shaders/fused/memory_workgroup.wgsl?raw';
import networkTable from '../../shaders/fused/network_table.wgsl?raw';
import packColumns from '../../shaders/fused/pack_columns.wgsl?raw';
import packRows from '../../shaders/fused/pack_rows.wgsl?raw';
import packVector from '../../shaders/fused/pack_vector.wgsl?raw';
import productsRows from '../../shaders/fused/products_rows.wgsl?raw';
import productsStrips from '../../shaders/fused/products_strips.wgsl?raw';
import productsTiles from '../../shaders/fused/products_tiles.wgsl?raw';
import teamSingle from '../../shaders/fused/team_single.wgsl?raw';
import teamTogether from '../../shaders/fused/team_together.wgsl?raw';
import teamWorkgroup from '../../shaders/fused/team_workgroup.wgsl?raw';
import walkTable from '../../shaders/fused/walk_table.wgsl?raw';
import wholeSteps from '../../shaders/fused/whole_steps.wgsl?raw';
import source from '../../shaders/train_fused.wgsl?raw';
import type { PipelineRequest } from '../gpu/compile';
import type { ActivationName } from '../reference/activation';
import type { LossName } from '../reference/loss';
import { ACTIVATION_KERNELS } from './activation';
import { BACKWARD, DATA, EXAMINING, FORWARD, fusedPart, JUDGING, LOSSES, NORMALIZATION } from './fused_parts';
import type { FusedNetwork } from './fused_network';
import { PACK_FLOATS, type FusedShape } from './geometry';
import type { WgslPart } from './kernel';
import { LOSS_KERNELS } from './loss';
import { FINITE, NORM, OUTCOME, PHILOX, REDUCE, SATURATED, SIGMOID } from './parts';
import { partsOfPhase, phaseBuffers, wordsOfPhase, type FusedPhase } from './software/fused_phases';
import { MEMORY_PRIVATE, TEAM_QUAD } from './software/fused_shapes';
import { SUBGROUPS } from './software/parts';
import { TALLY_PART, TRIALS_PART } from './trials';
import { unrolled } from './unrolled';
import { writtenNetwork } from './written_network';

/** What of a network is settled when its pipeline is compiled. */
export interface FusedKinds {
  readonly activation: ActivationName;
  readonly loss: LossName;
  /** The constants of `train_fused.wgsl`. */
  readonly constants: Readonly<Record<'STOPS' | 'MINIBATCH' | 'MOMENTUM' | 'BIAS', number>>;
}

/** Buffers of group 0, in order, behind the network's uniform. With the tally they would be one more than every device can bind. */
const BUFFERS = ['trials', 'x', 'y', 'settings', 'arena', 'state', 'history', 'norms', 'table'] as const;
export type FusedUniform = 'network' | 'table' | 'slice' | 'phase';
export type FusedBuffer = (typeof BUFFERS)[number] | 'tally' | FusedUniform;

/** The buffers of a pipeline by their bindings, those that it uses. */
export function fusedBuffers(
  { written }: FusedShape,
  phase?: FusedPhase,
): readonly (FusedBuffer | undefined)[] {
  if (phase) return ['network', ...phaseBuffers(phase, BUFFERS)];
  const whole = ['network', ...BUFFERS, 'slice'] as const;
  return written ? whole.map((name) => (name === 'network' || name === 'table' ? undefined : name)) : whole;
}

function bindingType(name: FusedBuffer | undefined): GPUBufferBindingType | undefined {
  switch (name) {
    case undefined:
      return undefined;
    case 'network':
    case 'table':
    case 'slice':
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

const TOGETHER = fusedPart('team_together', teamTogether);
const TEAMS: Readonly<Record<FusedShape['team'], readonly WgslPart[]>> = {
  workgroup: [REDUCE, TOGETHER, fusedPart('team_workgroup', teamWorkgroup)],
  quad: [TOGETHER, TEAM_QUAD],
  single: [fusedPart('team_single', teamSingle)],
};
const MEMORIES = {
  workgroup: fusedPart('memory_workgroup', memoryWorkgroup),
  private: MEMORY_PRIVATE,
  interleaved: fusedPart('memory_interleaved', memoryInterleaved),
  storage: fusedPart('memory_storage', memoryStorage),
};
const VECTOR = fusedPart('pack_vector', packVector);
const PACKS: Readonly<Record<FusedShape['pack'], readonly WgslPart[]>> = {
  columns: [VECTOR, fusedPart('pack_columns', packColumns)],
  rows: [VECTOR, fusedPart('pack_rows', packRows)],
};
const PRODUCTS: Readonly<Record<FusedShape['pack'], WgslPart>> = {
  columns: fusedPart('products_tiles', productsTiles),
  rows: fusedPart('products_rows', productsRows),
};
const TABLE = fusedPart('network_table', networkTable);
const WALK = fusedPart('walk_table', walkTable);
const STRIPS = fusedPart('products_strips', productsStrips);
const IN_MEMORY = [FORWARD, NORMALIZATION, LOSSES, BACKWARD, fusedPart('layers_in_memory', layersInMemory)];
const HELD = fusedPart('layers_held', layersHeld);
const WHOLE = [DATA, JUDGING, EXAMINING, fusedPart('whole_steps', wholeSteps)];

/** Units and packs of rows that an invocation holds, of a layer. */
export function heldConstants({ header, layers }: FusedNetwork): Record<'UNITS' | 'ROWS', number> {
  const { samples, batch } = header;
  const UNITS = Math.max(header.inputs, ...layers.map(({ fan_out }) => fan_out));
  return { UNITS, ROWS: Math.ceil(Math.max(samples, batch) / PACK_FLOATS) };
}

/** Whether a step is several dispatches: the products of a quad want a layer's shape at compile time. */
export function isPhased({ team }: FusedShape): boolean {
  return team === 'quad';
}

/**
 * The pipeline that trains trials for a slice of steps, or does one phase of a step.
 * @param memorySize packs of workgroup memory, where a trial's is there
 * @param network which is written into the pipeline, where the shape says so
 */
export function fusedPipeline(
  shape: FusedShape,
  { activation, loss, constants }: FusedKinds,
  memorySize: number,
  network: FusedNetwork,
  phase?: FusedPhase,
): PipelineRequest {
  const { team, memory, pack, strip, held, written } = shape;
  const writing = written && writtenNetwork(network);
  const names = [
    'train_fused',
    team,
    memory,
    pack,
    ...(strip ? [`strips of ${strip}`] : []),
    ...(held ? ['held'] : []),
    ...(written ? ['written'] : []),
    activation,
    loss,
    ...(phase ? wordsOfPhase(phase) : []),
  ];
  return {
    label: names.join('.'),
    parts: [
      ...(shape.team === 'quad' ? [SUBGROUPS] : []),
      TRIALS_PART,
      FINITE,
      NORM,
      SIGMOID,
      ACTIVATION_KERNELS[activation].part,
      SATURATED,
      LOSS_KERNELS[loss].part,
      OUTCOME,
      PHILOX,
      ...TEAMS[shape.team],
      MEMORIES[shape.memory],
      ...PACKS[shape.pack],
      { file: 'shaders/train_fused.wgsl', text: source },
      ...(writing ? [writing] : phase ? [TABLE] : [TABLE, WALK]),
      ...(phase
        ? [TALLY_PART, ...partsOfPhase(phase)]
        : [
            ...(held
              ? [{ ...HELD, text: unrolled(HELD.text, heldConstants(network)) }]
              : [strip ? STRIPS : PRODUCTS[pack], ...IN_MEMORY]),
            ...WHOLE,
          ]),
    ],
    ...(writing ? { written: writing.text } : {}),
    bindings: fusedBuffers(shape, phase).map(bindingType),
    constants: {
      ...constants,
      ...phase?.constants,
      WORKGROUP_SIZE: shape.workgroupSize,
      ...(shape.strip ? { STRIP: shape.strip } : {}),
      ...(held ? heldConstants(network) : {}),
      ...(shape.memory === 'workgroup' || shape.memory === 'private' ? { MEMORY_SIZE: memorySize } : {}),
    },
  };
}
