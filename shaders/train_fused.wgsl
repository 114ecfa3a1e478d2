// One workgroup trains one trial for a whole slice of steps: no launch and no trip through memory between the layers.
//
// The network is data: a table of layers that every workgroup walks in step, so that the barriers stand in uniform control
// flow. The arithmetic is that of the single kernels (shared/activation, loss, finite, outcome, philox); what differs is the order
// of sums. Which memory `load` and `store` mean is decided by the part before this one.
//
// Memory is counted in quads of four floats. A matrix is row-major, its rows padded with zeros to whole quads, so that every
// load is a vector and no product has a ragged edge inside. A trial's memory is the carried part (parameters, velocity), then
// scratch; the host lays it out (src/training/fused_layout.ts). A layer computes z = scale·(a·W) + b; normalization stands
// before or after the activation. Check: the reference engine runs the same plan kernel by kernel.

const NONE = 0xffffffffu;

struct Layer {
  fan_in: u32, // units
  fan_out: u32,
  quads_in: u32, // ⌈units / 4⌉
  quads_out: u32,
  weights: u32, // (4·quads_in, quads_out)
  bias: u32, // (quads_out); NONE: there is none
  affine: u32, // γ (quads_out), then β; NONE: not normalized
  z: u32, // (rows, quads_out) what normalization reads, kept for the backward pass
  output: u32, // (rows, quads_out)
  stats: u32, // pivot (quads_out), then mean − pivot, then 1/√(variance + ε)
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
  stride: u32, // quads of a trial in the arena
  carried: u32,
  velocity: u32, // of parameter quad p at velocity + p
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

var<workgroup> stopped: u32;
var<workgroup> column_partials: array<vec4f, 2 * WORKGROUP_SIZE>;

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

fn phi(v: vec4f) -> vec4f {
  return vec4f(phi_of(v.x), phi_of(v.y), phi_of(v.z), phi_of(v.w));
}

fn phi_derivative(v: vec4f) -> vec4f {
  return vec4f(phi_derivative_of(v.x), phi_derivative_of(v.y), phi_derivative_of(v.z), phi_derivative_of(v.w));
}

// Which of a quad's four columns exist; the others stay 0.
fn columns_of(quad: u32, width: u32) -> vec4<bool> {
  return vec4u(4u * quad) + vec4u(0u, 1u, 2u, 3u) < vec4u(width);
}

fn only(columns: vec4<bool>, v: vec4f) -> vec4f {
  return select(vec4f(), v, columns);
}

fn quads(units: u32) -> u32 {
  return (units + 3u) / 4u;
}

// An 8 × 8 tile of a product, row by row, left and right half.
struct Tile {
  l0: vec4f, r0: vec4f,
  l1: vec4f, r1: vec4f,
  l2: vec4f, r2: vec4f,
  l3: vec4f, r3: vec4f,
  l4: vec4f, r4: vec4f,
  l5: vec4f, r5: vec4f,
  l6: vec4f, r6: vec4f,
  l7: vec4f, r7: vec4f,
}

// tile + (high, low)ᵀ·(left, right): eight values down, eight across.
fn plus_outer(t: Tile, high: vec4f, low: vec4f, left: vec4f, right: vec4f) -> Tile {
  return Tile(
    fma(vec4f(high.x), left, t.l0), fma(vec4f(high.x), right, t.r0),
    fma(vec4f(high.y), left, t.l1), fma(vec4f(high.y), right, t.r1),
    fma(vec4f(high.z), left, t.l2), fma(vec4f(high.z), right, t.r2),
    fma(vec4f(high.w), left, t.l3), fma(vec4f(high.w), right, t.r3),
    fma(vec4f(low.x), left, t.l4), fma(vec4f(low.x), right, t.r4),
    fma(vec4f(low.y), left, t.l5), fma(vec4f(low.y), right, t.r5),
    fma(vec4f(low.z), left, t.l6), fma(vec4f(low.z), right, t.r6),
    fma(vec4f(low.w), left, t.l7), fma(vec4f(low.w), right, t.r7),
  );
}

// What becomes of a product's quad on its way to memory; said once for a whole product.
struct Finish {
  scale: f32,
  gain: f32,
  activates: bool, // forward: φ(gain·(scale·v + b))
  differentiates: bool, // backward: scale·v·gain·φ'(…), from the activation's output
  other: u32, // the bias, or that output; NONE: neither
}

// A row of the tile at a time, chosen as the loop goes: eight copies of a store are much code to compile where masks are branches.
fn store_tile(t: Tile, finish: Finish, row: u32, rows: u32, col: u32, cols: u32, out: u32) {
  for (var r = 0u; r < min(8u, rows - row); r++) {
    let left = one_of(r, t.l0, t.l1, t.l2, t.l3, t.l4, t.l5, t.l6, t.l7);
    let right = one_of(r, t.r0, t.r1, t.r2, t.r3, t.r4, t.r5, t.r6, t.r7);
    let at = (row + r) * cols + col;
    store(out + at, finished(finish, at, col, left));
    if (col + 1u < cols) {
      store(out + at + 1u, finished(finish, at + 1u, col + 1u, right));
    }
  }
}

fn one_of(i: u32, v0: vec4f, v1: vec4f, v2: vec4f, v3: vec4f, v4: vec4f, v5: vec4f, v6: vec4f, v7: vec4f) -> vec4f {
  let odd = (i & 1u) != 0u;
  let upper = select(select(v0, v1, odd), select(v2, v3, odd), (i & 2u) != 0u);
  let lower = select(select(v4, v5, odd), select(v6, v7, odd), (i & 2u) != 0u);
  return select(upper, lower, i > 3u);
}

fn finished(finish: Finish, at: u32, col: u32, v: vec4f) -> vec4f {
  var value = finish.scale * v;
  if (finish.differentiates) {
    return value * finish.gain * phi_derivative(load(finish.other + at));
  }
  if (BIAS != 0u && finish.other != NONE) {
    value += load(finish.other + col);
  }
  return select(value, phi(finish.gain * value), finish.activates);
}

// The eight rows of a matrix from `row` on, at column quad k; beyond the end the last row again, which nobody stores.
struct Rows {
  r0: u32, r1: u32, r2: u32, r3: u32, r4: u32, r5: u32, r6: u32, r7: u32,
}

fn rows_from(first: u32, row: u32, rows: u32, width: u32) -> Rows {
  let last = rows - 1u;
  return Rows(
    first + min(row, last) * width,
    first + min(row + 1u, last) * width,
    first + min(row + 2u, last) * width,
    first + min(row + 3u, last) * width,
    first + min(row + 4u, last) * width,
    first + min(row + 5u, last) * width,
    first + min(row + 6u, last) * width,
    first + min(row + 7u, last) * width,
  );
}

// Both products below take a (rows × inner quads) to out (rows × cols quads); each invocation makes every WORKGROUP_SIZE-th tile.

// out = scale · a · b, b (4·inner × cols quads)
fn multiply(lane: u32, rows: u32, inner: u32, cols: u32, a: u32, b: u32, out: u32, finish: Finish) {
  let across = (cols + 1u) / 2u;
  let tiles = (rows + 7u) / 8u * across;
  for (var i = lane; i < tiles; i += WORKGROUP_SIZE) {
    let row = i / across * 8u;
    let col = i % across * 2u;
    let at = rows_from(a, row, rows, inner);
    let right = min(1u, cols - 1u - col);
    var b_at = b + col;
    var t = Tile();
    for (var k = 0u; k < inner; k++) {
      let a0 = load(at.r0 + k);
      let a1 = load(at.r1 + k);
      let a2 = load(at.r2 + k);
      let a3 = load(at.r3 + k);
      let a4 = load(at.r4 + k);
      let a5 = load(at.r5 + k);
      let a6 = load(at.r6 + k);
      let a7 = load(at.r7 + k);
      t = plus_outer(t, vec4f(a0.x, a1.x, a2.x, a3.x), vec4f(a4.x, a5.x, a6.x, a7.x), load(b_at), load(b_at + right));
      b_at += cols;
      t = plus_outer(t, vec4f(a0.y, a1.y, a2.y, a3.y), vec4f(a4.y, a5.y, a6.y, a7.y), load(b_at), load(b_at + right));
      b_at += cols;
      t = plus_outer(t, vec4f(a0.z, a1.z, a2.z, a3.z), vec4f(a4.z, a5.z, a6.z, a7.z), load(b_at), load(b_at + right));
      b_at += cols;
      t = plus_outer(t, vec4f(a0.w, a1.w, a2.w, a3.w), vec4f(a4.w, a5.w, a6.w, a7.w), load(b_at), load(b_at + right));
      b_at += cols;
    }
    store_tile(t, finish, row, rows, col, cols, out);
  }
}

// out = scale · a · bᵀ, b (4·cols × inner quads)
fn multiply_by_transposed(lane: u32, rows: u32, inner: u32, cols: u32, a: u32, b: u32, out: u32, finish: Finish) {
  let across = (cols + 1u) / 2u;
  let tiles = (rows + 7u) / 8u * across;
  for (var i = lane; i < tiles; i += WORKGROUP_SIZE) {
    let row = i / across * 8u;
    let col = i % across * 2u;
    let at = rows_from(a, row, rows, inner);
    let bt = rows_from(b, 4u * col, 4u * cols, inner);
    var t = Tile();
    for (var k = 0u; k < inner; k++) {
      let a0 = load(at.r0 + k);
      let a1 = load(at.r1 + k);
      let a2 = load(at.r2 + k);
      let a3 = load(at.r3 + k);
      let a4 = load(at.r4 + k);
      let a5 = load(at.r5 + k);
      let a6 = load(at.r6 + k);
      let a7 = load(at.r7 + k);
      let b0 = load(bt.r0 + k);
      let b1 = load(bt.r1 + k);
      let b2 = load(bt.r2 + k);
      let b3 = load(bt.r3 + k);
      let b4 = load(bt.r4 + k);
      let b5 = load(bt.r5 + k);
      let b6 = load(bt.r6 + k);
      let b7 = load(bt.r7 + k);
      t = plus_outer(t, vec4f(a0.x, a1.x, a2.x, a3.x), vec4f(a4.x, a5.x, a6.x, a7.x), vec4f(b0.x, b1.x, b2.x, b3.x), vec4f(b4.x, b5.x, b6.x, b7.x));
      t = plus_outer(t, vec4f(a0.y, a1.y, a2.y, a3.y), vec4f(a4.y, a5.y, a6.y, a7.y), vec4f(b0.y, b1.y, b2.y, b3.y), vec4f(b4.y, b5.y, b6.y, b7.y));
      t = plus_outer(t, vec4f(a0.z, a1.z, a2.z, a3.z), vec4f(a4.z, a5.z, a6.z, a7.z), vec4f(b0.z, b1.z, b2.z, b3.z), vec4f(b4.z, b5.z, b6.z, b7.z));
      t = plus_outer(t, vec4f(a0.w, a1.w, a2.w, a3.w), vec4f(a4.w, a5.w, a6.w, a7.w), vec4f(b0.w, b1.w, b2.w, b3.w), vec4f(b4.w, b5.w, b6.w, b7.w));
    }
    store_tile(t, finish, row, rows, col, cols, out);
  }
}

// Partial sum s of out = scale · aᵀ · b over every `splits`-th row, at out + s·(4·a_quads·b_quads);
// a (rows × a_quads), b (rows × b_quads). Few outputs and many rows are so shared out among all invocations.
fn multiply_transposed(
  lane: u32, rows: u32, a_quads: u32, b_quads: u32, a: u32, b: u32, out: u32, scale: f32, splits: u32,
) {
  let across = (b_quads + 1u) / 2u;
  let tiles = (a_quads + 1u) / 2u * across;
  for (var i = lane; i < tiles * splits; i += WORKGROUP_SIZE) {
    let tile = i % tiles;
    let split = i / tiles;
    let row = tile / across * 2u;
    let col = tile % across * 2u;
    let low = min(1u, a_quads - 1u - row);
    let right = min(1u, b_quads - 1u - col);
    var t = Tile();
    for (var k = split; k < rows; k += splits) {
      let a_at = a + k * a_quads + row;
      let b_at = b + k * b_quads + col;
      t = plus_outer(t, load(a_at), load(a_at + low), load(b_at), load(b_at + right));
    }
    store_tile(t, Finish(scale, 1.0, false, false, NONE), 4u * row, 4u * a_quads, col, b_quads, out + split * 4u * a_quads * b_quads);
  }
}

// Column work: `width` quads at a time, each shared by `sharers` invocations that take every `sharers`-th row. These two are
// apart from the rest, for they decide loops with barriers inside and must be seen to be the same for all.
fn team_width(quads: u32) -> u32 {
  return min(quads, WORKGROUP_SIZE);
}

struct Place {
  column: u32,
  share: u32,
  busy: bool,
}

fn place_in_team(lane: u32, width: u32) -> Place {
  let share = lane / width;
  return Place(lane % width, share, share < WORKGROUP_SIZE / width);
}

struct Sums {
  a: vec4f,
  b: vec4f,
}

// The sums of a column's shares, for all of them, in a fixed order.
fn team_sums(lane: u32, width: u32, a: vec4f, b: vec4f) -> Sums {
  column_partials[lane] = a;
  column_partials[WORKGROUP_SIZE + lane] = b;
  workgroupBarrier();
  var sums = Sums();
  let sharers = WORKGROUP_SIZE / width;
  for (var at = lane % width; at < sharers * width; at += width) {
    sums.a += column_partials[at];
    sums.b += column_partials[WORKGROUP_SIZE + at];
  }
  workgroupBarrier();
  return sums;
}

// From the input (rows × inputs) to the last layer's output, with everything that the backward pass needs.
fn forward(lane: u32, base: u32, settings_0: u32, input: u32, rows: u32) {
  let gain = settings[settings_0 + network.preactivation_gain_at];
  let epsilon = settings[settings_0 + network.epsilon_at];
  var a = base + input;
  for (var l = 0u; l < network.layers; l++) {
    let layer = network.table[l];
    let is_normalized = layer.affine != NONE;
    let activates_z = layer.activated != 0u && (!is_normalized || AFTER != 0u);
    let output = base + layer.output;
    var z = output;
    if (is_normalized) {
      z = base + layer.z;
    }
    var bias = NONE;
    if (BIAS != 0u) {
      bias = base + layer.bias;
    }
    let finish = Finish(layer.scale, gain, activates_z, false, bias);
    multiply(lane, rows, layer.quads_in, layer.quads_out, a, base + layer.weights, z, finish);
    settle();
    if (is_normalized) {
      normalize(lane, base, layer, rows, epsilon, gain);
      settle();
    }
    a = output;
  }
}

// A layer's statistics, then output = γ·x̂ + β, activated when the activation comes after.
// One pass takes the moments about the first sample: it is within √(rows − 1) standard deviations of the mean, so that nothing
// cancels, however far from 0 the mean is.
fn normalize(lane: u32, base: u32, layer: Layer, rows: u32, epsilon: f32, gain: f32) {
  let quads_out = layer.quads_out;
  let width = team_width(quads_out);
  let sharers = WORKGROUP_SIZE / width;
  let place = place_in_team(lane, width);
  let n = f32(rows);
  let activates = layer.activated != 0u && AFTER == 0u;
  for (var first = 0u; first < quads_out; first += width) {
    let column = first + place.column;
    let busy = place.busy && column < quads_out;
    let end = select(0u, rows, busy);
    let z = base + layer.z + column;
    var pivot = vec4f();
    if (busy) {
      pivot = load(z);
    }
    var sum = vec4f();
    var squares = vec4f();
    for (var i = place.share; i < end; i += sharers) {
      let d = load(z + i * quads_out) - pivot;
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
      let beta = load(base + layer.affine + quads_out + column);
      let output = base + layer.output + column;
      for (var i = place.share; i < end; i += sharers) {
        var value = gamma * (((load(z + i * quads_out) - pivot) - low) * inverse_std) + beta;
        if (activates) {
          value = phi(gain * value);
        }
        store(output + i * quads_out, only(columns, value));
      }
      if (place.share == 0u) {
        let stats = base + layer.stats + column;
        store(stats, pivot);
        store(stats + quads_out, low);
        store(stats + 2u * quads_out, inverse_std);
      }
    }
  }
}

// Rounding can leave a variance of zero a little below it. Bits are compared, for a comparison of floats may swallow NaN.
fn not_negative(variance: vec4f) -> vec4f {
  let bits = bitcast<vec4u>(variance);
  return select(variance, vec4f(), (bits > vec4u(0x80000000u)) & (bits < vec4u(0xff800000u)));
}

// The mean loss of the last layer's output, on all samples.
fn mean_loss(lane: u32, base: u32) -> f32 {
  let across = quads(network.outputs);
  let prediction = base + network.table[network.layers - 1u].output;
  var sum = 0.0;
  for (var i = lane; i < network.samples * across; i += WORKGROUP_SIZE) {
    let p = load(prediction + i);
    let label = load(base + network.y + i);
    for (var c = 0u; c < min(4u, network.outputs - 4u * (i % across)); c++) {
      sum += loss_value(LOSS, p[c], label[c]);
    }
  }
  return workgroup_sum(sum, lane) / f32(network.samples * network.outputs);
}

// Every parameter's gradient, and its update as soon as nobody needs the parameter any more.
fn backward(lane: u32, base: u32, settings_0: u32, norms_0: u32, input: u32, labels: u32, rows: u32) {
  let gain = settings[settings_0 + network.preactivation_gain_at];
  let decay = settings[settings_0 + network.weight_decay_at];
  let last = network.layers - 1u;
  var delta = base + network.delta_0;
  var below = base + network.delta_1;
  start_delta(lane, base, delta, labels, rows);
  settle();
  for (var back = 0u; back <= last; back++) {
    let l = last - back;
    let layer = network.table[l];
    let rate = settings[settings_0 + network.learning_rate_at + l];
    let rate_norm = settings[settings_0 + network.learning_rate_norm_at + l];
    if (layer.affine != NONE) {
      normalize_backward(lane, base, settings_0, layer, rows, delta, gain, rate_norm);
      settle();
    }
    var a = base + input;
    if (l > 0u) {
      let under = network.table[l - 1u];
      a = base + under.output;
      let differentiates = under.activated != 0u && under.affine == NONE;
      let finish = Finish(layer.scale, gain, false, differentiates, select(NONE, a, differentiates));
      multiply_by_transposed(lane, rows, layer.quads_out, layer.quads_in, delta, base + layer.weights, below, finish);
    }
    let gradient = base + network.gradient;
    multiply_transposed(
      lane, rows, layer.quads_in, layer.quads_out, a, delta, gradient, layer.scale, layer.splits,
    );
    if (BIAS != 0u) {
      bias_backward(lane, base, settings_0, layer, rows, delta, rate);
    }
    settle();
    let partial = 4u * layer.quads_in * layer.quads_out;
    var gradient_squares = 0.0;
    var weight_squares = 0.0;
    for (var p = lane; p < layer.fan_in * layer.quads_out; p += WORKGROUP_SIZE) {
      var slope = load(gradient + p);
      for (var split = 1u; split < layer.splits; split++) {
        slope += load(gradient + split * partial + p);
      }
      if (TRACING != 0u) {
        let weight = load(base + layer.weights + p);
        gradient_squares += dot(slope, slope);
        weight_squares += dot(weight, weight);
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
    settle(); // the next layer's gradient takes the place of this one
    let swap = delta;
    delta = below;
    below = swap;
  }
}

// delta = ∂loss/∂prediction
fn start_delta(lane: u32, base: u32, delta: u32, labels: u32, rows: u32) {
  let across = quads(network.outputs);
  let count = f32(rows * network.outputs);
  let prediction = base + network.table[network.layers - 1u].output;
  for (var i = lane; i < rows * across; i += WORKGROUP_SIZE) {
    let p = load(prediction + i);
    let label = load(base + labels + i);
    let slope = vec4f(
      loss_derivative(LOSS, p.x, label.x),
      loss_derivative(LOSS, p.y, label.y),
      loss_derivative(LOSS, p.z, label.z),
      loss_derivative(LOSS, p.w, label.w),
    );
    store(delta + i, only(columns_of(i % across, network.outputs), slope / count));
  }
}

fn bias_backward(lane: u32, base: u32, settings_0: u32, layer: Layer, rows: u32, delta: u32, rate: f32) {
  let quads_out = layer.quads_out;
  let width = team_width(quads_out);
  let sharers = WORKGROUP_SIZE / width;
  let place = place_in_team(lane, width);
  for (var first = 0u; first < quads_out; first += width) {
    let column = first + place.column;
    let busy = place.busy && column < quads_out;
    let end = select(0u, rows, busy);
    var sum = vec4f();
    for (var i = place.share; i < end; i += sharers) {
      sum += load(delta + i * quads_out + column);
    }
    let sums = team_sums(lane, width, sum, vec4f());
    if (busy && place.share == 0u) {
      update(base, settings_0, layer.bias + column, sums.a, rate, 0.0);
    }
  }
}

// delta: from the gradient of a normalized layer's output to that of its z (before the bias); and the update of γ and β.
fn normalize_backward(
  lane: u32, base: u32, settings_0: u32, layer: Layer, rows: u32, delta: u32, gain: f32, rate: f32,
) {
  let quads_out = layer.quads_out;
  let width = team_width(quads_out);
  let sharers = WORKGROUP_SIZE / width;
  let place = place_in_team(lane, width);
  let n = f32(rows);
  let activated = layer.activated != 0u;
  for (var first = 0u; first < quads_out; first += width) {
    let column = first + place.column;
    let busy = place.busy && column < quads_out;
    let end = select(0u, rows, busy);
    let z = base + layer.z + column;
    let output = base + layer.output + column;
    let dy = delta + column;
    let stats = base + layer.stats + column;
    var pivot = vec4f();
    var low = vec4f();
    var inverse_std = vec4f();
    var gamma = vec4f();
    if (busy) {
      pivot = load(stats);
      low = load(stats + quads_out);
      inverse_std = load(stats + 2u * quads_out);
      gamma = load(base + layer.affine + column);
    }
    var d_gamma = vec4f();
    var d_beta = vec4f();
    for (var i = place.share; i < end; i += sharers) {
      var g = load(dy + i * quads_out);
      if (activated && AFTER == 0u) {
        g *= gain * phi_derivative(load(output + i * quads_out));
        store(dy + i * quads_out, g);
      }
      d_gamma += g * (((load(z + i * quads_out) - pivot) - low) * inverse_std);
      d_beta += g;
    }
    let sums = team_sums(lane, width, d_gamma, d_beta);
    if (busy) {
      let columns = columns_of(column, layer.fan_out);
      for (var i = place.share; i < end; i += sharers) {
        let value = load(z + i * quads_out);
        let x_hat = ((value - pivot) - low) * inverse_std;
        var d = gamma * inverse_std * (load(dy + i * quads_out) - sums.b / n - x_hat * (sums.a / n));
        if (activated && AFTER != 0u) {
          d *= gain * phi_derivative(value);
        }
        store(dy + i * quads_out, only(columns, d));
      }
      if (FROZEN == 0u && place.share == 0u) {
        update(base, settings_0, layer.affine + column, only(columns, sums.a), rate, 0.0);
        update(base, settings_0, layer.affine + quads_out + column, only(columns, sums.b), rate, 0.0);
      }
    }
  }
}

// Parameter quad p moves against its gradient.
fn update(base: u32, settings_0: u32, p: u32, gradient: vec4f, rate: f32, decay: f32) {
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
  let x_quads = quads(network.inputs);
  let y_quads = quads(network.outputs);
  for (var j = lane; j < network.batch; j += WORKGROUP_SIZE) {
    let random = philox(vec2u(seed, MINIBATCH_STREAM), vec4u(0u, j, clock, 0u)).x;
    let sample = mulhi(random, network.samples);
    for (var i = 0u; i < x_quads; i++) {
      store(base + network.batch_x + j * x_quads + i, load(base + network.x + sample * x_quads + i));
    }
    for (var i = 0u; i < y_quads; i++) {
      store(base + network.batch_y + j * y_quads + i, load(base + network.y + sample * y_quads + i));
    }
  }
  settle();
}

// A quad of row-major data whose rows are not padded.
fn data_x(first: u32, row: u32, quad: u32) -> vec4f {
  var value = vec4f();
  for (var c = 0u; c < min(4u, network.inputs - 4u * quad); c++) {
    value[c] = x[first + row * network.inputs + 4u * quad + c];
  }
  return value;
}

fn data_y(first: u32, row: u32, quad: u32) -> vec4f {
  var value = vec4f();
  for (var c = 0u; c < min(4u, network.outputs - 4u * quad); c++) {
    value[c] = y[first + row * network.outputs + 4u * quad + c];
  }
  return value;
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
  let x_quads = quads(network.inputs);
  let y_quads = quads(network.outputs);
  for (var i = lane; i < network.samples * x_quads; i += WORKGROUP_SIZE) {
    store(base + network.x + i, data_x(trial.y * network.samples * network.inputs, i / x_quads, i % x_quads));
  }
  for (var i = lane; i < network.samples * y_quads; i += WORKGROUP_SIZE) {
    store(base + network.y + i, data_y(trial.y * network.samples * network.outputs, i / y_quads, i % y_quads));
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
