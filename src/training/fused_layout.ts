import type { TensorView } from '../kernels/kernel';
import { NONE, packNetwork, type LayerField, type NetworkField } from '../kernels/train_fused';
import type { Layer, Plan } from './plan';

/** Floats of a quad, the unit of the fused kernel's memory. */
export const QUAD = 4;
/** Rows, and columns, of the tile that one invocation makes. */
const TILE = 8;

/** Where everything lies in a trial's memory, in quads, and the network as the fused kernel's uniform. */
export interface FusedLayout {
  /** Quads of a trial's memory. */
  readonly size: number;
  /** The first quads, which are carried from one dispatch to the next: parameters, then velocity. */
  readonly carried: number;
  /** Quads of the parameters. */
  readonly parameters: number;
  /** For each parameter of the plan, the float that holds it; the others are padding, and stay 0. */
  readonly places: Uint32Array;
  network(stride: number): Uint32Array<ArrayBuffer>;
}

/**
 * @param momentum whether any trial has momentum: without, there is no velocity to carry
 * @param workgroupSize invocations that share a trial's work
 */
export function fusedLayout(plan: Plan, momentum: boolean, workgroupSize: number): FusedLayout {
  let size = 0;
  const take = (length: number) => {
    const at = size;
    size += length;
    return at;
  };
  const minibatch = plan.batch !== plan.samples;
  const rows = Math.max(plan.samples, plan.batch);
  const places = new Uint32Array(plan.parameters);

  const parts = plan.layers.map((layer) => {
    const quadsOut = quads(layer.fanOut);
    const matrix = (view: TensorView, height: number) => {
      const at = take(height * quadsOut);
      for (let i = 0; i < view.length; i += 1)
        places[view.offset + i] = (at + Math.floor(i / layer.fanOut) * quadsOut) * QUAD + (i % layer.fanOut);
      return at;
    };
    return {
      weights: matrix(layer.weights, quads(layer.fanIn) * QUAD),
      bias: layer.bias ? matrix(layer.bias, 1) : NONE,
      affine: layer.affine ? matrix(layer.affine, 2) : NONE,
    };
  });
  const parameters = size;
  const velocity = momentum ? take(parameters) : NONE;
  const carried = size;

  const x = take(plan.samples * quads(plan.inputs));
  const y = take(plan.samples * quads(plan.outputs));
  const batchX = minibatch ? take(plan.batch * quads(plan.inputs)) : NONE;
  const batchY = minibatch ? take(plan.batch * quads(plan.outputs)) : NONE;
  const splits = plan.layers.map((layer) => splitsOf(layer, plan.batch, workgroupSize));
  const gradient = take(
    Math.max(
      ...plan.layers.map((layer, index) => splits[index]! * QUAD * quads(layer.fanIn) * quads(layer.fanOut)),
    ),
  );
  const widest = Math.max(...plan.layers.map((layer) => quads(layer.fanOut)));
  const delta0 = take(rows * widest);
  const delta1 = take(rows * widest);
  const layers = plan.layers.map((layer, index): Record<LayerField, number> => {
    const isOutput = index === plan.layers.length - 1;
    const quadsOut = quads(layer.fanOut);
    return {
      fan_in: layer.fanIn,
      fan_out: layer.fanOut,
      quads_in: quads(layer.fanIn),
      quads_out: quadsOut,
      ...parts[index]!,
      z: layer.normalized ? take(rows * quadsOut) : NONE,
      output: take(rows * quadsOut),
      stats: layer.normalized ? take(3 * quadsOut) : NONE,
      scale: layer.scale,
      activated: plan.activated && !isOutput ? 1 : 0,
      splits: splits[index]!,
    };
  });
  const { settings } = plan;
  const header: Record<Exclude<NetworkField, 'stride'>, number> = {
    layers: layers.length,
    steps: 0,
    carried,
    velocity,
    gradient,
    delta_0: delta0,
    delta_1: delta1,
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
  };
  return {
    size,
    carried,
    parameters,
    places,
    network: (stride) => packNetwork({ ...header, stride }, layers),
  };
}

function quads(units: number): number {
  return Math.ceil(units / QUAD);
}

/** A gradient with fewer tiles than there are invocations is summed in as many parts as keep all of them busy. */
function splitsOf({ fanIn, fanOut }: Layer, rows: number, workgroupSize: number): number {
  const tiles = Math.ceil(fanIn / TILE) * Math.ceil(fanOut / TILE);
  return Math.max(1, Math.min(Math.floor(workgroupSize / tiles), Math.ceil(rows / TILE)));
}
