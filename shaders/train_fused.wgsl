// Trains trials, each by one team of invocations: with no launch between layers and steps, or with one for each phase of a layer.
//
// The network is data: a table of layers that every team walks in step, so that the barriers stand in uniform control flow.
// The arithmetic is that of the single kernels (shared/activation, loss, finite, outcome, philox); what differs is the order of
// sums. The parts in fused/ decide, each in two or three ways, what is best for an adapter and a network:
// - steps: whether a dispatch is a whole slice of steps, or one phase of one layer;
// - team: the invocations that train a trial together, a workgroup, four of them or one alone;
// - memory: where `load` and `store` keep a trial, in workgroup memory or in a storage arena;
// - pack: the columns of a load, four or one;
// - products: how the three products of a layer are made.
//
// Memory is counted in packs. A matrix is row-major, its rows padded with zeros to whole packs, so that no product has a ragged
// edge inside. A trial's memory is the carried part (parameters, velocity), then scratch; the host lays it out
// (src/training/fused_layout.ts). A layer computes z = scale·(a·W) + b; normalization stands before or after the activation.
// Check: the reference engine runs the same plan kernel by kernel.

const NONE = 0xffffffffu;

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
  activated: u32,
  splits: u32, // among how many partial sums the weights' gradient is shared out
  pad_0: u32,
  pad_1: u32,
  pad_2: u32,
}

struct Network {
  layers: u32,
  steps: u32, // of this dispatch
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
  pad_0: u32,
  pad_1: u32,
  table: array<Layer, 64>,
}

@group(0) @binding(0) var<uniform> network: Network;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> y: array<f32>;
@group(0) @binding(4) var<storage, read> settings: array<f32>;
@group(0) @binding(6) var<storage, read_write> state: array<u32>;
@group(0) @binding(7) var<storage, read_write> history: array<u32>;
@group(0) @binding(8) var<storage, read_write> norms: array<f32>;

override WORKGROUP_SIZE: u32;
override ACTIVATION: u32; // identity, relu, sigmoid, tanh
override LOSS: u32;
override STOPS: u32;
override MINIBATCH: u32;
override TRACING: u32;
override MOMENTUM: u32; // 0: every trial's is 0, and there is no velocity
override AFTER: u32; // normalization stands after the activation
override FROZEN: u32; // γ and β are not trained
override BIAS: u32;

const MINIBATCH_STREAM = 2u;

fn phi_of(v: f32) -> f32 {
  switch ACTIVATION {
    case 1u: {
      return relu_forward(v);
    }
    case 2u: {
      return sigmoid_forward(v);
    }
    case 3u: {
      return tanh_forward(v);
    }
    default: {
      return v;
    }
  }
}

fn phi_derivative_of(v: f32) -> f32 {
  switch ACTIVATION {
    case 1u: {
      return relu_derivative(v);
    }
    case 2u: {
      return sigmoid_derivative(v);
    }
    case 3u: {
      return tanh_derivative(v);
    }
    default: {
      return 1.0;
    }
  }
}

fn packs(units: u32) -> u32 {
  return (units + PACK - 1u) / PACK;
}

fn only(columns: Columns, v: Pack) -> Pack {
  return select(Pack(), v, columns);
}

// Σ of squares, for the norms of a trace.
struct Squares {
  gradient: f32,
  weights: f32,
}

fn squares_with(before: Squares, slope: Pack, weight: u32) -> Squares {
  if (TRACING == 0u) {
    return before;
  }
  return Squares(before.gradient + squared(slope), before.weights + squared(load(weight)));
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

// Column work: `width` packs at a time, each shared by `sharers` invocations that take every `sharers`-th row. These two are
// apart from the rest, for they decide loops with barriers inside and must be seen to be the same for all.
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

// A layer's output from its input (rows × packs_in), with everything that the backward pass needs.
fn forward_layer(lane: u32, base: u32, settings_0: u32, l: u32, input: u32, rows: u32) {
  let layer = network.table[l];
  let gain = settings[settings_0 + network.preactivation_gain_at];
  let z = base + select(layer.output, layer.z, is_normalized(l));
  let activates = is_activated(l) && (!is_normalized(l) || AFTER != 0u);
  let finish = Finish(layer.scale, gain, base + layer.bias);
  multiply(lane, rows, layer.packs_in, layer.packs_out, base + input, base + layer.weights, z, activates, finish);
  settle();
  if (is_normalized(l)) {
    normalize(lane, base, layer, rows, settings[settings_0 + network.epsilon_at], gain, is_activated(l) && AFTER == 0u);
    settle();
  }
}

// A layer's statistics, then output = γ·x̂ + β, activated when the activation comes after.
// One pass takes the moments about the first sample: it is within √(rows − 1) standard deviations of the mean, so that nothing
// cancels, however far from 0 the mean is.
fn normalize(lane: u32, base: u32, layer: Layer, rows: u32, epsilon: f32, gain: f32, activates: bool) {
  let packs_out = layer.packs_out;
  let width = team_width(packs_out);
  let sharers = TEAM / width;
  let place = place_in_team(lane, width);
  let n = f32(rows);
  for (var first = 0u; first < packs_out; first += width) {
    let column = first + place.column;
    let busy = place.busy && column < packs_out;
    let end = select(0u, rows, busy);
    let z = base + layer.z + column;
    var pivot = Pack();
    if (busy) {
      pivot = load(z);
    }
    var sum = Pack();
    var squares = Pack();
    for (var i = place.share; i < end; i += sharers) {
      let d = load(z + i * packs_out) - pivot;
      sum += d;
      squares += d * d;
    }
    let sums = team_sums(lane, width, sum, squares);
    if (busy) {
      let low = sums.a / n;
      let variance = not_negative(sums.b / n - low * low);
      let inverse_std = 1.0 / sqrt(variance + epsilon);
      let columns = columns_of(column, layer.fan_out);
      let gamma = load(base + layer.affine + column);
      let beta = load(base + layer.affine + packs_out + column);
      let output = base + layer.output + column;
      for (var i = place.share; i < end; i += sharers) {
        var value = gamma * (((load(z + i * packs_out) - pivot) - low) * inverse_std) + beta;
        if (activates) {
          value = phi(gain * value);
        }
        store(output + i * packs_out, only(columns, value));
      }
      if (place.share == 0u) {
        let stats = base + layer.stats + column;
        store(stats, pivot);
        store(stats + packs_out, low);
        store(stats + 2u * packs_out, inverse_std);
      }
    }
  }
}

// The mean loss of the last layer's output, on all samples.
fn mean_loss(lane: u32, base: u32) -> f32 {
  let across = packs(network.outputs);
  let prediction = base + network.table[network.layers - 1u].output;
  var sum = 0.0;
  for (var row = lane; row < network.samples; row += TEAM) {
    for (var j = 0u; j < across; j++) {
      let at = row * across + j;
      sum += loss_of(load(prediction + at), load(base + network.y + at), network.outputs - PACK * j);
    }
  }
  return team_sum(sum, lane) / f32(network.samples * network.outputs);
}

// From delta, the gradient by a layer's output: that by the output of the layer below, and the update of the layer's parameters
// as soon as nobody needs them any more. norms_0: where a trace's row begins.
fn backward_layer(
  lane: u32, base: u32, settings_0: u32, norms_0: u32, l: u32, input: u32, delta: u32, below: u32, rows: u32,
) {
  let layer = network.table[l];
  let gain = settings[settings_0 + network.preactivation_gain_at];
  let decay = settings[settings_0 + network.weight_decay_at];
  let rate = settings[settings_0 + network.learning_rate_at + l];
  let rate_norm = settings[settings_0 + network.learning_rate_norm_at + l];
  if (is_normalized(l)) {
    normalize_backward(lane, base, settings_0, layer, rows, delta, gain, rate_norm, is_activated(l));
    settle();
  }
  if (has_below(l)) {
    let finish = Finish(layer.scale, gain, base + input);
    multiply_by_transposed(
      lane, rows, layer.packs_out, layer.packs_in, delta, base + layer.weights, below, differentiates_below(l), finish,
    );
  }
  if (BIAS != 0u) {
    bias_backward(lane, base, settings_0, layer, rows, delta, rate);
  }
  let squares = move_weights(lane, base, settings_0, layer, rows, base + input, delta, rate, decay);
  if (TRACING != 0u) {
    let gradient_total = team_sum(squares.gradient, lane);
    let weight_total = team_sum(squares.weights, lane);
    if (lane == 0u) {
      norms[norms_0 + 2u * l] = root(gradient_total);
      norms[norms_0 + 2u * l + 1u] = root(weight_total);
    }
  }
}

// What is where: the deltas of a layer's output and of the one below take turns in two places.
fn delta_of(base: u32, l: u32) -> u32 {
  return base + select(network.delta_0, network.delta_1, ((network.layers - 1u - l) & 1u) != 0u);
}

fn delta_below(base: u32, l: u32) -> u32 {
  return delta_of(base, l + 1u);
}

fn input_of(l: u32, data: u32) -> u32 {
  return select(network.table[max(l, 1u) - 1u].output, data, l == 0u);
}

fn norms_of(slot: u32, clock: u32) -> u32 {
  return (slot * network.ring + clock % network.ring) * 2u * network.layers;
}

// delta = ∂loss/∂prediction
fn start_delta(lane: u32, base: u32, delta: u32, labels: u32, rows: u32) {
  let across = packs(network.outputs);
  let count = f32(rows * network.outputs);
  let prediction = base + network.table[network.layers - 1u].output;
  for (var row = lane; row < rows; row += TEAM) {
    for (var j = 0u; j < across; j++) {
      let at = row * across + j;
      let slope = loss_slope(load(prediction + at), load(base + labels + at));
      store(delta + at, only(columns_of(j, network.outputs), slope / count));
    }
  }
}

fn bias_backward(lane: u32, base: u32, settings_0: u32, layer: Layer, rows: u32, delta: u32, rate: f32) {
  let packs_out = layer.packs_out;
  let width = team_width(packs_out);
  let sharers = TEAM / width;
  let place = place_in_team(lane, width);
  for (var first = 0u; first < packs_out; first += width) {
    let column = first + place.column;
    let busy = place.busy && column < packs_out;
    let end = select(0u, rows, busy);
    var sum = Pack();
    for (var i = place.share; i < end; i += sharers) {
      sum += load(delta + i * packs_out + column);
    }
    let sums = team_sums(lane, width, sum, Pack());
    if (busy && place.share == 0u) {
      update(base, settings_0, layer.bias + column, sums.a, rate, 0.0);
    }
  }
}

// delta: from the gradient of a normalized layer's output to that of its z (before the bias); and the update of γ and β.
fn normalize_backward(
  lane: u32, base: u32, settings_0: u32, layer: Layer, rows: u32, delta: u32, gain: f32, rate: f32, activated: bool,
) {
  let packs_out = layer.packs_out;
  let width = team_width(packs_out);
  let sharers = TEAM / width;
  let place = place_in_team(lane, width);
  let n = f32(rows);
  for (var first = 0u; first < packs_out; first += width) {
    let column = first + place.column;
    let busy = place.busy && column < packs_out;
    let end = select(0u, rows, busy);
    let z = base + layer.z + column;
    let output = base + layer.output + column;
    let dy = delta + column;
    let stats = base + layer.stats + column;
    var pivot = Pack();
    var low = Pack();
    var inverse_std = Pack();
    var gamma = Pack();
    if (busy) {
      pivot = load(stats);
      low = load(stats + packs_out);
      inverse_std = load(stats + 2u * packs_out);
      gamma = load(base + layer.affine + column);
    }
    var d_gamma = Pack();
    var d_beta = Pack();
    for (var i = place.share; i < end; i += sharers) {
      var g = load(dy + i * packs_out);
      if (activated && AFTER == 0u) {
        g *= gain * phi_derivative(load(output + i * packs_out));
        store(dy + i * packs_out, g);
      }
      d_gamma += g * (((load(z + i * packs_out) - pivot) - low) * inverse_std);
      d_beta += g;
    }
    let sums = team_sums(lane, width, d_gamma, d_beta);
    if (busy) {
      let columns = columns_of(column, layer.fan_out);
      for (var i = place.share; i < end; i += sharers) {
        let value = load(z + i * packs_out);
        let x_hat = ((value - pivot) - low) * inverse_std;
        var d = gamma * inverse_std * (load(dy + i * packs_out) - sums.b / n - x_hat * (sums.a / n));
        if (activated && AFTER != 0u) {
          d *= gain * phi_derivative(value);
        }
        store(dy + i * packs_out, only(columns, d));
      }
      if (FROZEN == 0u && place.share == 0u) {
        update(base, settings_0, layer.affine + column, only(columns, sums.a), rate, 0.0);
        update(base, settings_0, layer.affine + packs_out + column, only(columns, sums.b), rate, 0.0);
      }
    }
  }
}

// Parameter pack p moves against its gradient.
fn update(base: u32, settings_0: u32, p: u32, gradient: Pack, rate: f32, decay: f32) {
  let parameter = load(base + p);
  var velocity = gradient + decay * parameter;
  if (MOMENTUM != 0u) {
    velocity += settings[settings_0 + network.momentum_at] * load(base + network.velocity + p);
    store(base + network.velocity + p, velocity);
  }
  store(base + p, parameter - rate * velocity);
}

// Copies the batch of this step, drawn with replacement.
fn gather(lane: u32, base: u32, seed: u32, clock: u32) {
  let x_packs = packs(network.inputs);
  let y_packs = packs(network.outputs);
  for (var j = lane; j < network.batch; j += TEAM) {
    let random = philox(vec2u(seed, MINIBATCH_STREAM), vec4u(0u, j, clock, 0u)).x;
    let sample = mulhi(random, network.samples);
    for (var i = 0u; i < x_packs; i++) {
      store(base + network.batch_x + j * x_packs + i, load(base + network.x + sample * x_packs + i));
    }
    for (var i = 0u; i < y_packs; i++) {
      store(base + network.batch_y + j * y_packs + i, load(base + network.y + sample * y_packs + i));
    }
  }
  settle();
}

// Copies the trial's data set, its rows padded.
fn fetch_data(lane: u32, base: u32, dataset: u32) {
  let x_packs = packs(network.inputs);
  let y_packs = packs(network.outputs);
  for (var row = lane; row < network.samples; row += TEAM) {
    let x_row = (dataset * network.samples + row) * network.inputs;
    let y_row = (dataset * network.samples + row) * network.outputs;
    for (var i = 0u; i < x_packs; i++) {
      store(base + network.x + row * x_packs + i, pack_of_x(x_row + PACK * i, network.inputs - PACK * i));
    }
    for (var i = 0u; i < y_packs; i++) {
      store(base + network.y + row * y_packs + i, pack_of_y(y_row + PACK * i, network.outputs - PACK * i));
    }
  }
  settle();
}

// The outcome with this step's loss taken in, and the loss in the history.
fn judge(lane: u32, base: u32, settings_0: u32, slot: u32, before: Outcome) -> Outcome {
  let loss = bitcast<u32>(mean_loss(lane, base));
  if (lane == 0u && !is_stopped(before, STOPS != 0u)) {
    history[slot * network.ring + before.clock % network.ring] = loss;
  }
  let divergence = settings[settings_0 + network.divergence_at];
  let best_constant = settings[settings_0 + network.best_constant_at];
  return outcome_after(before, loss, divergence, best_constant, STOPS != 0u);
}

fn read_outcome(slot: u32) -> Outcome {
  let at = slot * 8u;
  return Outcome(
    state[at],
    state[at + 1u],
    state[at + 2u],
    state[at + 3u],
    state[at + 4u],
    bitcast<f32>(state[at + 5u]),
    bitcast<f32>(state[at + 6u]),
    state[at + 7u],
  );
}

fn write_outcome(slot: u32, outcome: Outcome) {
  let at = slot * 8u;
  state[at] = outcome.clock;
  state[at + 1u] = outcome.diverged_at;
  state[at + 2u] = outcome.loss_initial;
  state[at + 3u] = outcome.loss_last;
  state[at + 4u] = outcome.loss_min;
  state[at + 5u] = bitcast<u32>(outcome.sum_v);
  state[at + 6u] = bitcast<u32>(outcome.sum_inverse_v);
  state[at + 7u] = outcome.recorded;
}
