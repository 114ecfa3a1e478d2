import type { TensorView } from '../kernels/kernel';
import {
  ACTIVATED_FIRST,
  ACTIVATED_LAST,
  NONE,
  type FusedNetwork,
  type LayerField,
  type NetworkField,
} from '../kernels/fused_network';
import { packPhase } from '../kernels/software/fused_phases';
import { PACK_FLOATS, PACKS, type FusedShape } from '../kernels/geometry';
import { isPhased } from '../kernels/train_fused';
import type { Layer, Plan } from './plan';

/** Rows, and columns, of the piece of a gradient that an invocation of a workgroup makes: of a tile, or beside strips. */
const TILE = 8;
const BLOCK = 4;

/** Partial sums in which one invocation alone makes a gradient: a long sum of float32 in one go loses digits. */
const PARTIAL_SUMS = 4;

/** Where everything lies in a trial's memory, in packs, and the network as the fused kernel's uniform. */
export interface FusedLayout {
  /** Packs of a trial's memory. */
  readonly size: number;
  /** The first packs, which are carried from one dispatch to the next: parameters, then velocity. */
  readonly carried: number;
  /** Packs of the parameters. */
  readonly parameters: number;
  /** For each parameter of the plan, the float that holds it; the others are padding, and stay 0. */
  readonly places: Uint32Array;
  /** Packs from one trial to the next in the arena; memories that are interleaved lie behind all of them. */
  readonly stride: number;
  readonly network: FusedNetwork;
  /** The uniform `Phase` of a layer, on all samples or on the minibatch. */
  phase(layer: number, onBatch: boolean): Uint32Array<ArrayBuffer>;
}

/** @param shape its pack, and whether its products leave a gradient in memory */
export function fusedLayout(plan: Plan, shape: FusedShape): FusedLayout {
  const { across, down } = PACKS[shape.pack];
  const packs = (units: number) => Math.ceil(units / across);
  const rowPacks = (rows: number) => Math.ceil(rows / down);
  let size = 0;
  const take = (length: number) => {
    const at = size;
    size += length;
    return at;
  };
  const rows = rowPacks(Math.max(plan.samples, plan.batch));
  const places = new Uint32Array(plan.parameters);
  const floatOf = (at: number, row: number, width: number, column: number) =>
    (at + row * width + Math.floor(column / across)) * PACK_FLOATS + (column % across);

  const tensors = plan.layers.map((layer) => {
    const packsOut = packs(layer.fanOut);
    const matrix = (view: TensorView, height: number) => {
      const at = take(height * packsOut);
      for (let i = 0; i < view.length; i += 1)
        places[view.offset + i] = floatOf(at, Math.floor(i / layer.fanOut), packsOut, i % layer.fanOut);
      return at;
    };
    // For products_vector.wgsl.
    const vector = (view: TensorView) => {
      const at = take(packs(view.length));
      for (let i = 0; i < view.length; i += 1) places[view.offset + i] = at * PACK_FLOATS + i;
      return at;
    };
    return {
      weights:
        isPhased(shape) && layer.fanOut === 1
          ? vector(layer.weights)
          : matrix(layer.weights, packs(layer.fanIn) * across),
      bias: layer.bias ? matrix(layer.bias, 1) : NONE,
      affine: layer.affine ? matrix(layer.affine, 2) : NONE,
    };
  });
  const parameters = size;
  const velocity = plan.momentum ? take(parameters) : NONE;
  const carried = size;

  const x = take(rowPacks(plan.samples) * packs(plan.inputs));
  const y = take(rowPacks(plan.samples) * packs(plan.outputs));
  const batchX = plan.minibatch ? take(rowPacks(plan.batch) * packs(plan.inputs)) : NONE;
  const batchY = plan.minibatch ? take(rowPacks(plan.batch) * packs(plan.outputs)) : NONE;
  // Whole steps leave the gradient in memory: of columns in several parts where there are few pieces of it.
  const parts = shape.team === 'single' ? PARTIAL_SUMS : shape.workgroupSize;
  const splits = plan.layers.map((layer) => {
    if (isPhased(shape)) return 0;
    return shape.pack === 'rows' ? 1 : splitsOf(layer, plan.batch, parts, shape.strip ? BLOCK : TILE);
  });
  const gradient = shape.held
    ? NONE
    : take(
        Math.max(
          ...plan.layers.map(
            (layer, index) => splits[index]! * packs(layer.fanIn) * across * packs(layer.fanOut),
          ),
        ),
      );
  const widest = Math.max(...plan.layers.map((layer) => packs(layer.fanOut)));
  // A layer's delta takes the place of its output, but where phases leave the weights' gradient nowhere.
  const deltas = [0, 1].map(() => (isPhased(shape) ? take(rows * widest) : NONE));
  const layers = plan.layers.map((layer, index): Record<LayerField, number> => {
    const packsOut = packs(layer.fanOut);
    return {
      fan_in: layer.fanIn,
      fan_out: layer.fanOut,
      packs_in: packs(layer.fanIn),
      packs_out: packsOut,
      ...tensors[index]!,
      z: layer.normalized ? take(rows * packsOut) : NONE,
      output: shape.held && layer.normalized ? NONE : take(rows * packsOut),
      stats: layer.normalized ? take(3 * packsOut) : NONE,
      scale: layer.scale,
      activated: !layer.activated ? 0 : layer.normalized === 'after' ? ACTIVATED_FIRST : ACTIVATED_LAST,
      splits: splits[index]!,
    };
  });
  const { settings } = plan;
  const stride = shape.memory === 'storage' ? size : carried;
  const header: Record<NetworkField, number> = {
    layers: layers.length,
    stride,
    carried,
    velocity,
    gradient,
    delta_0: deltas[0]!,
    delta_1: deltas[1]!,
    x,
    y,
    batch_x: batchX,
    batch_y: batchY,
    samples: plan.samples,
    batch: plan.batch,
    inputs: plan.inputs,
    outputs: plan.outputs,
    ring: plan.ring,
    settings: settings.length,
    epsilon_at: settings.epsilon,
    preactivation_gain_at: settings.preactivationGain,
    momentum_at: settings.momentum,
    weight_decay_at: settings.weightDecay,
    divergence_at: settings.divergence,
    best_constant_at: settings.bestConstant,
    learning_rate_at: settings.learningRate,
    learning_rate_norm_at: settings.learningRateNorm,
    prediction: layers.at(-1)!.output,
    tracing: plan.tracing ? 1 : 0,
    frozen: plan.frozen ? 1 : 0,
    parameters,
    total: plan.steps,
    size,
  };
  return {
    size,
    carried,
    parameters,
    places,
    stride,
    network: { header, layers },
    phase: (index, onBatch) =>
      packPhase(layers[index]!, {
        index,
        input: layers[index - 1]?.output ?? (onBatch ? batchX : x),
        rows: onBatch ? plan.batch : plan.samples,
      }),
  };
}

/** A gradient with fewer tiles than `parts` is summed in as many parts as there are for each: so many invocations are kept busy. */
function splitsOf({ fanIn, fanOut }: Layer, rows: number, parts: number, side: number): number {
  const tiles = Math.ceil(fanIn / side) * Math.ceil(fanOut / side);
  return Math.max(1, Math.min(Math.floor(parts / tiles), Math.ceil(rows / TILE)));
}
