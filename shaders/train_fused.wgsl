// Trains trials, each by one team of invocations: with no launch between layers and steps, or with one for each phase of a layer.
// Here is what all of it needs; what a step does is in fused/: data, forward, normalization, judging, backward.
//
// The network is data, or written into the text: layers that every team walks in step, so that the barriers stand in uniform control flow.
// The arithmetic is that of the single kernels (activations, losses, shared/finite, outcome, philox); what differs is the order of
// sums. The other parts decide, each in several ways, what is best for an adapter and a network:
// - network: a table in a uniform (network_table.wgsl), or constants that the host writes out (src/kernels/written_network.ts);
// - steps: a dispatch is a whole slice of steps, or one phase of one layer (phase.wgsl);
// - team: the invocations that train a trial together, a workgroup, four of them or one alone;
// - memory: where `load` and `store` keep a trial, in memory of the workgroup or of the invocation, or in a storage arena;
// - pack: what a load is, four columns of a row or four rows of a column;
// - layers: all of them in the trial's memory, and then how their three products are made; or the one at hand held in registers.
//
// Memory is counted in packs. A matrix is row-major (in packs of rows: of rows of packs), padded with zeros to whole packs, so that no
// product has a ragged edge inside (W of one column may be a vector instead: products_vector.wgsl). A trial's memory is the carried
// part (parameters, velocity), then scratch; the host lays it out (src/training/fused_layout.ts). A layer computes z = scale·(a·W) + b;
// normalization stands before or after the activation.
// Check: the reference engine runs the same plan kernel by kernel.

const NONE = 0xffffffffu;
const ACTIVATED_LAST = 1u; // also where there is no normalization
const ACTIVATED_FIRST = 2u; // before normalization
const MINIBATCH_STREAM = 2u; // of shared/philox.wgsl

struct Layer {
  fan_in: u32, // units
  fan_out: u32,
  packs_in: u32, // ⌈units / PACK⌉
  packs_out: u32,
  weights: u32, // (PACK·packs_in, packs_out)
  bias: u32, // (packs_out); NONE: there is none
  affine: u32, // γ (packs_out), then β; NONE: not normalized
  z: u32, // (rows, packs_out) what normalization reads, kept for the backward pass
  output: u32, // (rows, packs_out)
  stats: u32, // pivot (packs_out), then mean − pivot, then 1/√(variance + ε)
  scale: f32,
  activated: u32, // ACTIVATED_LAST, ACTIVATED_FIRST; 0: not at all
  splits: u32, // among how many partial sums the weights' gradient is shared out
  pad_0: u32,
  pad_1: u32,
  pad_2: u32,
}

struct Network {
  layers: u32,
  stride: u32, // packs of a trial in the arena
  carried: u32,
  velocity: u32, // of parameter pack p at velocity + p
  gradient: u32, // of one layer's weights: `splits` partial sums
  delta_0: u32,
  delta_1: u32,
  x: u32,
  y: u32,
  batch_x: u32,
  batch_y: u32,
  samples: u32,
  batch: u32,
  inputs: u32,
  outputs: u32,
  ring: u32,
  settings: u32, // settings of a trial
  epsilon_at: u32,
  preactivation_gain_at: u32,
  momentum_at: u32,
  weight_decay_at: u32,
  divergence_at: u32,
  best_constant_at: u32,
  learning_rate_at: u32, // + layer
  learning_rate_norm_at: u32, // + layer
  prediction: u32, // the last layer's output
  tracing: u32, // norms are wanted
  frozen: u32, // γ and β are not trained
  parameters: u32, // packs
  total: u32, // steps of a trial
  size: u32, // packs of a trial's memory
  pad_0: u32,
}

@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> y: array<f32>;
@group(0) @binding(4) var<storage, read> settings: array<f32>;
@group(0) @binding(6) var<storage, read_write> state: array<u32>;
@group(0) @binding(7) var<storage, read_write> history: array<u32>;
@group(0) @binding(8) var<storage, read_write> norms: array<f32>;

// const WORKGROUP_SIZE: u32, from the host
// const STOPS: u32, from the host
// const MINIBATCH: u32, from the host
// const MOMENTUM: u32, from the host: 0: every trial's is 0, and there is no velocity
// const BIAS: u32, from the host

fn packs(units: u32) -> u32 {
  return (units + PACK - 1u) / PACK;
}

fn only(columns: Columns, v: Pack) -> Pack {
  return select(Pack(), v, columns);
}

// What becomes of a product's pack v on its way to memory.
struct Finish {
  scale: f32,
  gain: f32,
  other: u32, // see below
}

// forward: φ(gain·(scale·v + b)) where `activates`, with the bias at `other`
// backward: scale·v·gain·φ'(…) where `activates`, from the activation's output at `other`
fn finished(backward: bool, activates: bool, finish: Finish, at: u32, col: u32, v: Pack) -> Pack {
  var value = finish.scale * v;
  if (backward) {
    if (activates) {
      value *= finish.gain * phi_derivative(load(finish.other + at));
    }
    return value;
  }
  if (BIAS != 0u) {
    value += load(finish.other + col);
  }
  if (activates) {
    value = phi(finish.gain * value);
  }
  return value;
}

// Work on columns, such as a normalization's sums: a team takes `width` columns of packs at a time. TEAM / width invocations share
// a column, and each takes every (TEAM / width)-th row. Loops that have barriers inside run over `width`, so the compiler must see
// that all invocations agree on it: hence a function of its own that depends on nothing but the layer.
fn team_width(packs: u32) -> u32 {
  return min(packs, TEAM);
}

struct Place {
  column: u32,
  share: u32,
  busy: bool,
}

fn place_in_team(lane: u32, width: u32) -> Place {
  let share = lane / width;
  return Place(lane % width, share, share < TEAM / width);
}

struct Sums {
  a: Pack,
  b: Pack,
}

// Parameter pack p, which is `parameter`, moves against its gradient.
fn update(base: u32, settings_0: u32, p: u32, parameter: Pack, gradient: Pack, rate: f32, decay: f32) {
  var velocity = gradient + decay * parameter;
  if (MOMENTUM != 0u) {
    velocity += settings[settings_0 + network.momentum_at] * load(base + network.velocity + p);
    store(base + network.velocity + p, velocity);
  }
  store(base + p, parameter - rate * velocity);
}

// Σ of squares, scaled up and down, for the norms of a trace (shared/norm.wgsl).
struct Squares {
  gradient: vec2f,
  weights: vec2f,
}

fn squares_with(before: Squares, gradient: Pack, weights: Pack) -> Squares {
  return Squares(before.gradient + squares_of(gradient), before.weights + squares_of(weights));
}

fn squares_of(v: Pack) -> vec2f {
  return vec2f(squared(SCALE_UP * v), squared(SCALE_DOWN * v));
}

// Which sample is row `row` of the batch.
fn drawn(seed: u32, clock: u32, row: u32) -> u32 {
  let random = philox(vec2u(seed, MINIBATCH_STREAM), vec4u(0u, row, clock, 0u)).x;
  return mulhi(random, network.samples);
}

fn is_normalized(layer: Layer) -> bool {
  return layer.affine != NONE;
}

fn norms_of(slot: u32, clock: u32) -> u32 {
  return (slot * network.ring + clock % network.ring) * 2u * network.layers;
}
