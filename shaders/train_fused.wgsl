// One workgroup trains one trial for a whole slice of steps: no launch and no trip through memory between the layers.
//
// The network is data: a table of layers that every workgroup walks in step, so that the barriers stand in uniform control
// flow. The arithmetic is that of the single kernels (shared/activation, loss, normalized, outcome, philox); what differs is the
// order of sums. Which memory `load` and `store` mean is decided by the part before this one.
//
// Memory of a trial, in elements from its base: the carried part (parameters, velocity), then scratch; the host lays it out
// (src/training/fused_layout.ts). A layer computes z = scale·(a·W) + b; normalization stands before or after the activation.
// Check: the reference engine runs the same plan kernel by kernel.

const NONE = 0xffffffffu;

struct Layer {
  fan_in: u32,
  fan_out: u32,
  weights: u32,
  bias: u32, // NONE: there is none
  affine: u32, // γ, then β; NONE: not normalized
  z: u32, // (rows, fan_out) what normalization reads, kept for the backward pass
  output: u32, // (rows, fan_out)
  stats: u32, // fan_out × (pivot, mean − pivot, 1/√(variance + ε))
  scale: f32,
  activated: u32,
  pad_0: u32,
  pad_1: u32,
}

struct Network {
  layers: u32,
  steps: u32, // of this dispatch
  stride: u32, // elements of a trial in the arena
  carried: u32,
  velocity: u32, // of parameter p at velocity + p
  gradient: u32, // of one layer's weights
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

const MINIBATCH_STREAM = 2u;

var<workgroup> stopped: u32;

fn phi(v: f32) -> f32 {
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

fn phi_derivative(v: f32) -> f32 {
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

// A matrix whose element (i, j) is memory[first + i·down + j·right]; a transpose only swaps the two.
struct Matrix {
  first: u32,
  down: u32,
  right: u32,
}

// out (rows × cols, row-major) = scale · a (rows × inner) · b (inner × cols). Each invocation takes every WORKGROUP_SIZE-th tile.
fn multiply(lane: u32, rows: u32, inner: u32, cols: u32, a: Matrix, b: Matrix, out: u32, scale: f32) {
  if (rows < 4u || cols < 4u) {
    for (var i = lane; i < rows * cols; i += WORKGROUP_SIZE) {
      var left = a.first + i / cols * a.down;
      var right = b.first + i % cols * b.right;
      var sum = 0.0;
      for (var k = 0u; k < inner; k++) {
        sum += load(left) * load(right);
        left += a.right;
        right += b.down;
      }
      store(out + i, scale * sum);
    }
    return;
  }
  let across = (cols + 7u) / 8u;
  let tiles = (rows + 7u) / 8u * across;
  for (var tile = lane; tile < tiles; tile += WORKGROUP_SIZE) {
    let row = tile / across * 8u;
    let col = tile % across * 8u;
    multiply_tile(row, col, rows, inner, cols, a, b, out, scale);
  }
}

// An 8 × 8 tile in named registers. Beyond the edge it computes the last row or column again, and does not store it.
fn multiply_tile(row: u32, col: u32, rows: u32, inner: u32, cols: u32, a: Matrix, b: Matrix, out: u32, scale: f32) {
  var a_0 = a.first + min(row, rows - 1u) * a.down;
  var a_1 = a.first + min(row + 1u, rows - 1u) * a.down;
  var a_2 = a.first + min(row + 2u, rows - 1u) * a.down;
  var a_3 = a.first + min(row + 3u, rows - 1u) * a.down;
  var a_4 = a.first + min(row + 4u, rows - 1u) * a.down;
  var a_5 = a.first + min(row + 5u, rows - 1u) * a.down;
  var a_6 = a.first + min(row + 6u, rows - 1u) * a.down;
  var a_7 = a.first + min(row + 7u, rows - 1u) * a.down;
  var b_0 = b.first + min(col, cols - 1u) * b.right;
  var b_1 = b.first + min(col + 1u, cols - 1u) * b.right;
  var b_2 = b.first + min(col + 2u, cols - 1u) * b.right;
  var b_3 = b.first + min(col + 3u, cols - 1u) * b.right;
  var b_4 = b.first + min(col + 4u, cols - 1u) * b.right;
  var b_5 = b.first + min(col + 5u, cols - 1u) * b.right;
  var b_6 = b.first + min(col + 6u, cols - 1u) * b.right;
  var b_7 = b.first + min(col + 7u, cols - 1u) * b.right;
  var left_0 = vec4f();
  var left_1 = vec4f();
  var left_2 = vec4f();
  var left_3 = vec4f();
  var left_4 = vec4f();
  var left_5 = vec4f();
  var left_6 = vec4f();
  var left_7 = vec4f();
  var right_0 = vec4f();
  var right_1 = vec4f();
  var right_2 = vec4f();
  var right_3 = vec4f();
  var right_4 = vec4f();
  var right_5 = vec4f();
  var right_6 = vec4f();
  var right_7 = vec4f();
  for (var k = 0u; k < inner; k++) {
    let i = k * a.right;
    let j = k * b.down;
    let left = vec4f(load(b_0 + j), load(b_1 + j), load(b_2 + j), load(b_3 + j));
    let right = vec4f(load(b_4 + j), load(b_5 + j), load(b_6 + j), load(b_7 + j));
    let v_0 = load(a_0 + i);
    left_0 += v_0 * left;
    right_0 += v_0 * right;
    let v_1 = load(a_1 + i);
    left_1 += v_1 * left;
    right_1 += v_1 * right;
    let v_2 = load(a_2 + i);
    left_2 += v_2 * left;
    right_2 += v_2 * right;
    let v_3 = load(a_3 + i);
    left_3 += v_3 * left;
    right_3 += v_3 * right;
    let v_4 = load(a_4 + i);
    left_4 += v_4 * left;
    right_4 += v_4 * right;
    let v_5 = load(a_5 + i);
    left_5 += v_5 * left;
    right_5 += v_5 * right;
    let v_6 = load(a_6 + i);
    left_6 += v_6 * left;
    right_6 += v_6 * right;
    let v_7 = load(a_7 + i);
    left_7 += v_7 * left;
    right_7 += v_7 * right;
  }
  let at = out + row * cols + col;
  let down = rows - row;
  let more = cols - col;
  store_row(at, 0u < down, more, scale * left_0, scale * right_0);
  store_row(at + cols, 1u < down, more, scale * left_1, scale * right_1);
  store_row(at + 2u * cols, 2u < down, more, scale * left_2, scale * right_2);
  store_row(at + 3u * cols, 3u < down, more, scale * left_3, scale * right_3);
  store_row(at + 4u * cols, 4u < down, more, scale * left_4, scale * right_4);
  store_row(at + 5u * cols, 5u < down, more, scale * left_5, scale * right_5);
  store_row(at + 6u * cols, 6u < down, more, scale * left_6, scale * right_6);
  store_row(at + 7u * cols, 7u < down, more, scale * left_7, scale * right_7);
}

fn store_row(at: u32, inside: bool, more: u32, left: vec4f, right: vec4f) {
  if (!inside) {
    return;
  }
  store(at, left.x);
  if (more > 1u) { store(at + 1u, left.y); }
  if (more > 2u) { store(at + 2u, left.z); }
  if (more > 3u) { store(at + 3u, left.w); }
  if (more > 4u) { store(at + 4u, right.x); }
  if (more > 5u) { store(at + 5u, right.y); }
  if (more > 6u) { store(at + 6u, right.z); }
  if (more > 7u) { store(at + 7u, right.w); }
}

// From the input (rows × inputs) to the last layer's output, with everything that the backward pass needs.
fn forward(lane: u32, base: u32, settings_0: u32, input: u32, rows: u32) {
  let gain = settings[settings_0 + network.preactivation_gain_at];
  let epsilon = settings[settings_0 + network.epsilon_at];
  var a = base + input;
  for (var l = 0u; l < network.layers; l++) {
    let layer = network.table[l];
    let normalized = layer.affine != NONE;
    let activated = layer.activated != 0u;
    let output = base + layer.output;
    let z = select(output, base + layer.z, normalized);
    let weights = Matrix(base + layer.weights, layer.fan_out, 1u);
    multiply(lane, rows, layer.fan_in, layer.fan_out, Matrix(a, layer.fan_in, 1u), weights, z, layer.scale);
    settle();
    if (layer.bias != NONE || (activated && (!normalized || AFTER != 0u))) {
      for (var i = lane; i < rows * layer.fan_out; i += WORKGROUP_SIZE) {
        var value = load(z + i);
        if (layer.bias != NONE) {
          value += load(base + layer.bias + i % layer.fan_out);
        }
        if (activated && (!normalized || AFTER != 0u)) {
          value = phi(gain * value);
        }
        store(z + i, value);
      }
      settle();
    }
    if (normalized) {
      for (var j = lane; j < layer.fan_out; j += WORKGROUP_SIZE) {
        normalize_feature(base, layer, j, rows, epsilon, gain, activated && AFTER == 0u);
      }
      settle();
    }
    a = output;
  }
}

// Column j of a layer's z: its statistics, then output = γ·x̂ + β, activated when the activation comes after.
// One pass takes the moments about the first sample: it is within √(rows − 1) standard deviations of the mean, so that nothing
// cancels, however far from 0 the mean is.
fn normalize_feature(base: u32, layer: Layer, j: u32, rows: u32, epsilon: f32, gain: f32, activates: bool) {
  let step = layer.fan_out;
  let z = base + layer.z + j;
  let pivot = load(z);
  var sum = 0.0;
  var squares = 0.0;
  for (var i = 1u; i < rows; i++) {
    let d = load(z + i * step) - pivot;
    sum += d;
    squares += d * d;
  }
  let n = f32(rows);
  let low = sum / n;
  let variance = not_negative(squares / n - low * low);
  let inverse_std = 1.0 / sqrt(variance + epsilon);
  let stats = base + layer.stats + 3u * j;
  store(stats, pivot);
  store(stats + 1u, low);
  store(stats + 2u, inverse_std);
  let gamma = load(base + layer.affine + j);
  let beta = load(base + layer.affine + layer.fan_out + j);
  let output = base + layer.output + j;
  for (var i = 0u; i < rows; i++) {
    let value = gamma * normalized(load(z + i * step), pivot, low, inverse_std) + beta;
    store(output + i * step, select(value, phi(gain * value), activates));
  }
}

// Rounding can leave a variance of zero a little below it. Bits are compared, for a comparison of floats may swallow NaN.
fn not_negative(variance: f32) -> f32 {
  let bits = bitcast<u32>(variance);
  return select(variance, 0.0, bits > 0x80000000u && bits < 0xff800000u);
}

// The mean loss of the last layer's output, on all samples.
fn mean_loss(lane: u32, base: u32) -> f32 {
  let count = network.samples * network.outputs;
  let prediction = base + network.table[network.layers - 1u].output;
  var sum = 0.0;
  for (var i = lane; i < count; i += WORKGROUP_SIZE) {
    sum += loss_value(LOSS, load(prediction + i), load(base + network.y + i));
  }
  return workgroup_sum(sum, lane) / f32(count);
}

// Every parameter's gradient, and its update as soon as nobody needs the parameter any more.
fn backward(lane: u32, base: u32, settings_0: u32, norms_0: u32, input: u32, labels: u32, rows: u32) {
  let gain = settings[settings_0 + network.preactivation_gain_at];
  let last = network.layers - 1u;
  var delta = base + network.delta_0;
  var below = base + network.delta_1;
  let count = rows * network.outputs;
  let prediction = base + network.table[last].output;
  for (var i = lane; i < count; i += WORKGROUP_SIZE) {
    store(delta + i, loss_derivative(LOSS, load(prediction + i), load(base + labels + i)) / f32(count));
  }
  settle();
  for (var back = 0u; back <= last; back++) {
    let l = last - back;
    let layer = network.table[l];
    let normalized = layer.affine != NONE;
    let activated = layer.activated != 0u;
    let rate = settings[settings_0 + network.learning_rate_at + l];
    let rate_norm = settings[settings_0 + network.learning_rate_norm_at + l];
    if (normalized) {
      for (var j = lane; j < layer.fan_out; j += WORKGROUP_SIZE) {
        normalize_feature_backward(base, layer, settings_0, j, rows, delta, gain, rate_norm);
      }
      settle();
    } else if (activated) {
      for (var i = lane; i < rows * layer.fan_out; i += WORKGROUP_SIZE) {
        store(delta + i, load(delta + i) * gain * phi_derivative(load(base + layer.output + i)));
      }
      settle();
    }
    var a = base + input;
    if (l > 0u) {
      a = base + network.table[l - 1u].output;
      let transposed = Matrix(base + layer.weights, 1u, layer.fan_out);
      multiply(lane, rows, layer.fan_out, layer.fan_in, Matrix(delta, layer.fan_out, 1u), transposed, below, layer.scale);
    }
    let transposed = Matrix(a, 1u, layer.fan_in);
    let gradient = base + network.gradient;
    multiply(lane, layer.fan_in, rows, layer.fan_out, transposed, Matrix(delta, layer.fan_out, 1u), gradient, layer.scale);
    if (layer.bias != NONE) {
      for (var j = lane; j < layer.fan_out; j += WORKGROUP_SIZE) {
        var sum = 0.0;
        for (var i = 0u; i < rows; i++) {
          sum += load(delta + i * layer.fan_out + j);
        }
        update(base, settings_0, layer.bias + j, sum, rate, 0.0);
      }
    }
    settle();
    let decay = settings[settings_0 + network.weight_decay_at];
    var gradient_squares = 0.0;
    var weight_squares = 0.0;
    for (var p = lane; p < layer.fan_in * layer.fan_out; p += WORKGROUP_SIZE) {
      let slope = load(gradient + p);
      if (TRACING != 0u) {
        let weight = load(base + layer.weights + p);
        gradient_squares += slope * slope;
        weight_squares += weight * weight;
      }
      update(base, settings_0, layer.weights + p, slope, rate, decay);
    }
    if (TRACING != 0u) {
      let gradient_total = workgroup_sum(gradient_squares, lane);
      let weight_total = workgroup_sum(weight_squares, lane);
      if (lane == 0u) {
        norms[norms_0 + 2u * l] = root(gradient_total);
        norms[norms_0 + 2u * l + 1u] = root(weight_total);
      }
    }
    let swap = delta;
    delta = below;
    below = swap;
  }
  settle();
}

// Column j of delta: from the gradient of a normalized layer's output to that of its z, and the update of γ and β.
fn normalize_feature_backward(
  base: u32, layer: Layer, settings_0: u32, j: u32, rows: u32, delta: u32, gain: f32, rate: f32,
) {
  let step = layer.fan_out;
  let z = base + layer.z + j;
  let output = base + layer.output + j;
  let dy = delta + j;
  let stats = base + layer.stats + 3u * j;
  let pivot = load(stats);
  let low = load(stats + 1u);
  let inverse_std = load(stats + 2u);
  let activated = layer.activated != 0u;
  var d_gamma = 0.0;
  var d_beta = 0.0;
  for (var i = 0u; i < rows; i++) {
    var g = load(dy + i * step);
    if (activated && AFTER == 0u) {
      g *= gain * phi_derivative(load(output + i * step));
      store(dy + i * step, g);
    }
    d_gamma += g * normalized(load(z + i * step), pivot, low, inverse_std);
    d_beta += g;
  }
  let n = f32(rows);
  let slope = load(base + layer.affine + j) * inverse_std;
  for (var i = 0u; i < rows; i++) {
    let value = load(z + i * step);
    let x_hat = normalized(value, pivot, low, inverse_std);
    var d = slope * (load(dy + i * step) - d_beta / n - x_hat * (d_gamma / n));
    if (activated && AFTER != 0u) {
      d *= gain * phi_derivative(value);
    }
    store(dy + i * step, d);
  }
  if (FROZEN == 0u) {
    update(base, settings_0, layer.affine + j, d_gamma, rate, 0.0);
    update(base, settings_0, layer.affine + layer.fan_out + j, d_beta, rate, 0.0);
  }
}

// Parameter p moves against its gradient.
fn update(base: u32, settings_0: u32, p: u32, gradient: f32, rate: f32, decay: f32) {
  let parameter = load(base + p);
  var velocity = gradient + decay * parameter;
  if (MOMENTUM != 0u) {
    velocity += settings[settings_0 + network.momentum_at] * load(base + network.velocity + p);
    store(base + network.velocity + p, velocity);
  }
  store(base + p, parameter - rate * velocity);
}

// Some drivers compute sqrt(x) as x·inverseSqrt(x), NaN at infinity.
fn root(square: f32) -> f32 {
  return select(square, sqrt(square), is_finite(square));
}

// Copies the batch of this step, drawn with replacement.
fn gather(lane: u32, base: u32, seed: u32, clock: u32) {
  for (var j = lane; j < network.batch; j += WORKGROUP_SIZE) {
    let random = philox(vec2u(seed, MINIBATCH_STREAM), vec4u(0u, j, clock, 0u)).x;
    let sample = mulhi(random, network.samples);
    for (var i = 0u; i < network.inputs; i++) {
      store(base + network.batch_x + j * network.inputs + i, load(base + network.x + sample * network.inputs + i));
    }
    for (var i = 0u; i < network.outputs; i++) {
      store(base + network.batch_y + j * network.outputs + i, load(base + network.y + sample * network.outputs + i));
    }
  }
  settle();
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let t = trial_of(workgroup, workgroups);
  if (t >= trials.count) {
    return;
  }
  let trial = trials.list[t];
  let slot = trial.x;
  let base = open_memory(slot, network.stride, network.carried, lane);
  let x_length = network.samples * network.inputs;
  let y_length = network.samples * network.outputs;
  for (var i = lane; i < x_length; i += WORKGROUP_SIZE) {
    store(base + network.x + i, x[trial.y * x_length + i]);
  }
  for (var i = lane; i < y_length; i += WORKGROUP_SIZE) {
    store(base + network.y + i, y[trial.y * y_length + i]);
  }
  settle();

  let settings_0 = slot * network.settings;
  let divergence = settings[settings_0 + network.divergence_at];
  let best_constant = settings[settings_0 + network.best_constant_at];
  let stops = STOPS != 0u;
  var outcome = read_outcome(slot);
  for (var step = 0u; step < network.steps; step++) {
    let clock = outcome.clock;
    forward(lane, base, settings_0, network.x, network.samples);
    let loss = bitcast<u32>(mean_loss(lane, base));
    if (lane == 0u && !is_stopped(outcome, stops)) {
      history[slot * network.ring + clock % network.ring] = loss;
    }
    outcome = outcome_after(outcome, loss, divergence, best_constant, stops);
    if (lane == 0u) {
      stopped = u32(is_stopped(outcome, stops));
    }
    if (workgroupUniformLoad(&stopped) != 0u) {
      break;
    }
    var input = network.x;
    var labels = network.y;
    var rows = network.samples;
    if (MINIBATCH != 0u) {
      input = network.batch_x;
      labels = network.batch_y;
      rows = network.batch;
      gather(lane, base, trial.w, clock);
      forward(lane, base, settings_0, input, rows);
    }
    let norms_0 = (slot * network.ring + clock % network.ring) * 2u * network.layers;
    backward(lane, base, settings_0, norms_0, input, labels, rows);
  }
  if (lane == 0u) {
    write_outcome(slot, outcome);
  }
  close_memory(slot, network.stride, network.carried, lane);
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
