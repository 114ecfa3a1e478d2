import { NONE, packNetwork, type LayerField, type NetworkField } from '../kernels/train_fused';
import type { Plan } from './plan';

/** Where everything lies in a trial's memory, and the network as the fused kernel's uniform. */
export interface FusedLayout {
  /** Elements of a trial's memory. */
  readonly size: number;
  /** The first elements, which are carried from one dispatch to the next: parameters, then velocity. */
  readonly carried: number;
  network(stride: number): Uint32Array<ArrayBuffer>;
}

/** @param momentum whether any trial has momentum: without, there is no velocity to carry */
export function fusedLayout(plan: Plan, momentum: boolean): FusedLayout {
  let size = 0;
  const take = (length: number) => {
    const at = size;
    size += length;
    return at;
  };
  const minibatch = plan.batch !== plan.samples;
  const rows = Math.max(plan.samples, plan.batch);
  const widest = Math.max(...plan.layers.map((layer) => layer.fanOut));

  take(plan.parameters); // they begin the memory, at the plan's own offsets
  const velocity = momentum ? take(plan.parameters) : NONE;
  const carried = size;
  const x = take(plan.samples * plan.inputs);
  const y = take(plan.samples * plan.outputs);
  const batchX = minibatch ? take(plan.batch * plan.inputs) : NONE;
  const batchY = minibatch ? take(plan.batch * plan.outputs) : NONE;
  const gradient = take(Math.max(...plan.layers.map((layer) => layer.weights.length)));
  const delta0 = take(rows * widest);
  const delta1 = take(rows * widest);
  const layers = plan.layers.map((layer, index): Record<LayerField, number> => {
    const isOutput = index === plan.layers.length - 1;
    return {
      fan_in: layer.fanIn,
      fan_out: layer.fanOut,
      weights: layer.weights.offset,
      bias: layer.bias?.offset ?? NONE,
      affine: layer.affine?.offset ?? NONE,
      z: layer.normalized ? take(rows * layer.fanOut) : NONE,
      output: take(rows * layer.fanOut),
      stats: layer.normalized ? take(3 * layer.fanOut) : NONE,
      scale: layer.scale,
      activated: plan.activated && !isOutput ? 1 : 0,
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
  return { size, carried, network: (stride) => packNetwork({ ...header, stride }, layers) };
}
