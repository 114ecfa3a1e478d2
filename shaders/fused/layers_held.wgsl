// A layer up and down, held by the invocation that trains the trial: UNITS columns of ROWS packs of rows, in loops of lengths that the
// compiler knows, so that it can make registers of them. Memory has what the way back needs and no more, for each unit one column: what
// normalization reads, or else the output. For narrow networks, in place of layers_in_memory.wgsl and the products, normalization
// and losses in memory; the sums are the same in the same order.

// const UNITS: u32, from the host: of the widest layer
// const ROWS: u32, from the host: packs of rows, of all samples or of a batch if that has more

var<private> held: array<array<Pack, ROWS>, UNITS>; // on the way up what the layer below gives; on the way down delta
var<private> made: array<array<Pack, ROWS>, UNITS>; // what takes its place
var<private> slopes: array<array<Pack, UNITS>, UNITS>; // of W

fn hold_made() {
  for (var u = 0u; u < UNITS; u++) {
    for (var i = 0u; i < ROWS; i++) {
      held[u][i] = made[u][i];
    }
  }
}

// Row pack i of the data at `first`, `across` columns wide; beyond the last the last again. Where a batch is smaller than the samples, or larger,
// all ROWS are gone through nevertheless: what stands in no row is left out of every sum, and branches would cost more.
fn row_of(first: u32, across: u32, i: u32, rows: u32) -> Pack {
  return load(first + min(i, row_packs(rows) - 1u) * across);
}

fn weight_of(base: u32, layer: Layer, i: u32, o: u32) -> Pack {
  if (i < layer.fan_in && o < layer.fan_out) {
    return load(base + layer.weights + i * layer.fan_out + o);
  }
  return Pack();
}

fn forward_layer(lane: u32, base: u32, settings_0: u32, l: u32, input: u32, rows: u32) {
  let layer = layer_of(l);
  if (l == 0u) {
    hold_data(base + input, rows);
  }
  let normalized = is_normalized(layer);
  let gain = settings[settings_0 + network.preactivation_gain_at];
  let activates = layer.activated == select(ACTIVATED_LAST, ACTIVATED_FIRST, normalized);
  let finish = Finish(layer.scale, gain, base + layer.bias);
  for (var o = 0u; o < UNITS; o++) {
    if (o < layer.fan_out) {
      multiply_unit(base, layer, o, activates, finish);
      keep_unit(base, layer, o);
      if (normalized) {
        normalize_unit(base, layer, o, rows, settings[settings_0 + network.epsilon_at], gain);
      }
    }
  }
  hold_made();
}

fn hold_data(data: u32, rows: u32) {
  for (var u = 0u; u < UNITS; u++) {
    for (var i = 0u; i < ROWS; i++) {
      if (u < network.inputs) {
        held[u][i] = row_of(data + u, network.inputs, i, rows);
      }
    }
  }
}

fn multiply_unit(base: u32, layer: Layer, o: u32, activates: bool, finish: Finish) {
  var weights: array<Pack, UNITS>;
  for (var k = 0u; k < UNITS; k++) {
    weights[k] = weight_of(base, layer, k, o);
  }
  var bias = Pack();
  if (BIAS != 0u) {
    bias = load(finish.other + o);
  }
  for (var i = 0u; i < ROWS; i++) {
    var sum = Pack();
    for (var k = 0u; k < UNITS; k++) {
      if (k < layer.fan_in) {
        sum += held[k][i] * weights[k];
      }
    }
    var value = finish.scale * sum;
    if (BIAS != 0u) {
      value += bias;
    }
    if (activates) {
      value = phi(finish.gain * value);
    }
    made[o][i] = value;
  }
}

fn kept_at(base: u32, layer: Layer) -> u32 {
  return base + select(layer.output, layer.z, is_normalized(layer));
}

fn keep_unit(base: u32, layer: Layer, o: u32) {
  let kept = kept_at(base, layer) + o;
  for (var i = 0u; i < ROWS; i++) {
    store(kept + i * layer.fan_out, made[o][i]);
  }
}

// How a unit is normalized: z ↦ γ·x̂ + β.
struct Normalized {
  pivot: Pack,
  low: Pack, // mean − pivot
  inverse_std: Pack,
  gamma: Pack,
  beta: Pack,
}

fn x_hat(n: Normalized, z: Pack) -> Pack {
  return ((z - n.pivot) - n.low) * n.inverse_std;
}

// What the unit gives.
fn output_of(n: Normalized, layer: Layer, z: Pack, gain: f32) -> Pack {
  let value = n.gamma * x_hat(n, z) + n.beta;
  if (layer.activated == ACTIVATED_LAST) {
    return phi(gain * value);
  }
  return value;
}

fn kept_normalization(base: u32, layer: Layer, o: u32) -> Normalized {
  let stats = base + layer.stats + o;
  let affine = base + layer.affine + o;
  return Normalized(
    load(stats), load(stats + layer.fan_out), load(stats + 2u * layer.fan_out), load(affine), load(affine + layer.fan_out),
  );
}

// normalization.wgsl says how the moments are taken.
fn normalize_unit(base: u32, layer: Layer, o: u32, rows: u32, epsilon: f32, gain: f32) {
  let n = f32(rows);
  let pivot = first_row(made[o][0]);
  var sum = Pack();
  var squares = Pack();
  for (var i = 0u; i < ROWS; i++) {
    let d = of_rows(made[o][i] - pivot, i, rows);
    sum += d;
    squares += d * d;
  }
  let low = across_rows(sum) / n;
  let variance = not_negative_pack(across_rows(squares) / n - low * low);
  var inverse_std = 1.0 / sqrt(variance + epsilon);
  if (!is_finite(variance.x)) {
    var scaled = Pack();
    for (var i = 0u; i < row_packs(rows); i++) {
      let d = of_rows(SCALE * ((load(kept_at(base, layer) + o + i * layer.fan_out) - pivot) - low), i, rows);
      scaled += d * d;
    }
    inverse_std = normal_or_nan_pack(SCALE / sqrt(across_rows(scaled) / n));
  }
  let stats = base + layer.stats + o;
  store(stats, pivot);
  store(stats + layer.fan_out, low);
  store(stats + 2u * layer.fan_out, inverse_std);
  let affine = base + layer.affine + o;
  let normalized = Normalized(pivot, low, inverse_std, load(affine), load(affine + layer.fan_out));
  for (var i = 0u; i < ROWS; i++) {
    made[o][i] = output_of(normalized, layer, made[o][i], gain);
  }
}

fn mean_loss(lane: u32, base: u32) -> f32 {
  var sum = 0.0;
  for (var i = 0u; i < ROWS; i++) {
    for (var j = 0u; j < UNITS; j++) {
      if (j < network.outputs) {
        let prediction = held[j][i];
        let label = row_of(base + network.y + j, network.outputs, i, network.samples);
        sum += loss_of(prediction, label, 1u, i);
        if (MINIBATCH == 0u) {
          hold_slope(j, i, prediction, label, network.samples);
        }
      }
    }
  }
  return sum / f32(network.samples * network.outputs);
}

fn start_delta(lane: u32, base: u32) {
  for (var i = 0u; i < ROWS; i++) {
    for (var j = 0u; j < UNITS; j++) {
      if (j < network.outputs) {
        let label = row_of(base + network.batch_y + j, network.outputs, i, network.batch);
        hold_slope(j, i, held[j][i], label, network.batch);
      }
    }
  }
}

fn hold_slope(j: u32, i: u32, prediction: Pack, label: Pack, rows: u32) {
  held[j][i] = of_rows(loss_slope(prediction, label) / f32(rows * network.outputs), i, rows);
}

fn backward_step(lane: u32, base: u32, settings_0: u32, norms_0: u32, l: u32, data: u32, rows: u32) {
  let layer = layer_of(l);
  let gain = settings[settings_0 + network.preactivation_gain_at];
  if (is_normalized(layer)) {
    let rate = settings[settings_0 + network.learning_rate_norm_at + l];
    for (var o = 0u; o < UNITS; o++) {
      if (o < layer.fan_out) {
        normalize_unit_backward(base, settings_0, layer, o, rows, gain, rate);
      }
    }
  }
  for (var i = 0u; i < UNITS; i++) {
    if (i < layer.fan_in) {
      pass_unit(base, layer, l, i, data, rows, gain);
    }
  }
  let rate = settings[settings_0 + network.learning_rate_at + l];
  if (BIAS != 0u) {
    for (var o = 0u; o < UNITS; o++) {
      if (o < layer.fan_out) {
        var sum = Pack();
        for (var i = 0u; i < ROWS; i++) {
          sum += held[o][i];
        }
        update(base, settings_0, layer.bias + o, load(base + layer.bias + o), across_rows(sum), rate, 0.0);
      }
    }
  }
  let decay = settings[settings_0 + network.weight_decay_at];
  var squares = Squares();
  for (var i = 0u; i < UNITS; i++) {
    for (var o = 0u; o < UNITS; o++) {
      if (i < layer.fan_in && o < layer.fan_out) {
        let weight = weight_of(base, layer, i, o);
        let slope = slopes[i][o];
        squares = squares_with(squares, slope, weight);
        update(base, settings_0, layer.weights + i * layer.fan_out + o, weight, slope, rate, decay);
      }
    }
  }
  if (network.tracing != 0u) {
    norms[norms_0 + 2u * l] = norm_of(squares.gradient);
    norms[norms_0 + 2u * l + 1u] = norm_of(squares.weights);
  }
  hold_made();
}

fn normalize_unit_backward(base: u32, settings_0: u32, layer: Layer, o: u32, rows: u32, gain: f32, rate: f32) {
  let n = f32(rows);
  let kept = base + layer.z + o;
  let unit = kept_normalization(base, layer, o);
  var d_gamma = Pack();
  var d_beta = Pack();
  for (var i = 0u; i < ROWS; i++) {
    let z = load(kept + i * layer.fan_out);
    made[o][i] = z;
    d_gamma += held[o][i] * x_hat(unit, z);
    d_beta += held[o][i];
  }
  let gamma_slope = across_rows(d_gamma);
  let beta_slope = across_rows(d_beta);
  for (var i = 0u; i < ROWS; i++) {
    let z = made[o][i];
    var d = unit.gamma * unit.inverse_std * (held[o][i] - beta_slope / n - x_hat(unit, z) * (gamma_slope / n));
    if (layer.activated == ACTIVATED_FIRST) {
      d *= gain * phi_derivative(z);
    }
    held[o][i] = of_rows(d, i, rows);
  }
  if (network.frozen == 0u) {
    update(base, settings_0, layer.affine + o, unit.gamma, gamma_slope, rate, 0.0);
    update(base, settings_0, layer.affine + layer.fan_out + o, unit.beta, beta_slope, rate, 0.0);
  }
}

// Of unit i below: the slopes of its weights, and its delta.
fn pass_unit(base: u32, layer: Layer, l: u32, i: u32, data: u32, rows: u32, gain: f32) {
  var weights: array<Pack, UNITS>;
  var sums: array<Pack, UNITS>;
  for (var o = 0u; o < UNITS; o++) {
    weights[o] = weight_of(base, layer, i, o);
    sums[o] = Pack();
  }
  let below = layer_of(max(l, 1u) - 1u);
  let normalized = l > 0u && is_normalized(below);
  let kept = i + select(kept_at(base, below), base + data, l == 0u);
  let last = select(ROWS, row_packs(rows), l == 0u) - 1u;
  var unit = Normalized();
  if (normalized) {
    unit = kept_normalization(base, below, i);
  }
  for (var row = 0u; row < ROWS; row++) {
    var a = load(kept + min(row, last) * layer.fan_in);
    if (normalized) {
      a = output_of(unit, below, a, gain);
    }
    var sum = Pack();
    for (var o = 0u; o < UNITS; o++) {
      if (o < layer.fan_out) {
        let delta = held[o][row];
        sums[o] += a * delta;
        sum += delta * weights[o];
      }
    }
    var value = layer.scale * sum;
    if (l > 0u && below.activated == ACTIVATED_LAST) {
      value *= gain * phi_derivative(a);
    }
    made[i][row] = value;
  }
  for (var o = 0u; o < UNITS; o++) {
    slopes[i][o] = Pack(layer.scale * sum_of(sums[o]));
  }
}

// What a unit gives for row pack `row`, for examining.wgsl.
fn activated(base: u32, settings_0: u32, layer: Layer, row: u32, unit: u32) -> Pack {
  let kept = load(kept_at(base, layer) + row * layer.fan_out + unit);
  if (is_normalized(layer) && layer.activated == ACTIVATED_LAST) {
    return output_of(kept_normalization(base, layer, unit), layer, kept, settings[settings_0 + network.preactivation_gain_at]);
  }
  return kept;
}
