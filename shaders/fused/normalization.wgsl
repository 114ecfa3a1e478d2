// Batch normalization of a layer, up and down.

// A layer's statistics, then output = γ·x̂ + β, activated where the activation comes last.
// One pass takes the moments about the first sample: it is within √(rows − 1) standard deviations of the mean, so that nothing
// cancels, however far from 0 the mean is.
fn batch_normalize(lane: u32, base: u32, settings_0: u32, layer: Layer, rows: u32) {
  let epsilon = settings[settings_0 + network.epsilon_at];
  let gain = settings[settings_0 + network.preactivation_gain_at];
  let packs_out = layer.packs_out;
  let width = team_width(packs_out);
  let sharers = TEAM / width;
  let place = place_in_team(lane, width);
  let n = f32(rows);
  for (var first = 0u; first < packs_out; first += width) {
    let column = first + place.column;
    let busy = place.busy && column < packs_out;
    let end = select(0u, row_packs(rows), busy);
    let z = base + layer.z + column;
    var pivot = Pack();
    if (busy) {
      pivot = first_row(load(z));
    }
    var sum = Pack();
    var squares = Pack();
    for (var i = place.share; i < end; i += sharers) {
      let d = of_rows(load(z + i * packs_out) - pivot, i, rows);
      sum += d;
      squares += d * d;
    }
    let sums = team_sums(lane, width, across_rows(sum), across_rows(squares));
    if (busy) {
      let low = sums.a / n;
      let variance = not_negative_pack(sums.b / n - low * low);
      var inverse_std = 1.0 / sqrt(variance + epsilon);
      if (!all(finite_columns(variance))) {
        let scaled = scaled_variance(z, packs_out, rows, pivot, low);
        inverse_std = select(normal_or_nan_pack(SCALE / sqrt(scaled)), inverse_std, finite_columns(variance));
      }
      let columns = columns_of(column, layer.fan_out);
      let gamma = load(base + layer.affine + column);
      let beta = load(base + layer.affine + packs_out + column);
      let output = base + layer.output + column;
      for (var i = place.share; i < end; i += sharers) {
        var value = gamma * (((load(z + i * packs_out) - pivot) - low) * inverse_std) + beta;
        if (layer.activated == ACTIVATED_LAST) {
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

// Of numbers whose squares are beyond float32: their variance times SCALE². Each invocation sums all rows: it is a rare thing.
fn scaled_variance(z: u32, packs_out: u32, rows: u32, pivot: Pack, low: Pack) -> Pack {
  var squares = Pack();
  for (var row = 0u; row < row_packs(rows); row++) {
    let d = of_rows(SCALE * ((load(z + row * packs_out) - pivot) - low), row, rows);
    squares += d * d;
  }
  return across_rows(squares) / f32(rows);
}

// delta: from the gradient by γ·x̂ + β to that by scale·(a·W) + b; and the update of γ and β.
fn batch_normalize_backward(lane: u32, base: u32, settings_0: u32, layer: Layer, l: u32, rows: u32, delta: u32) {
  let gain = settings[settings_0 + network.preactivation_gain_at];
  let rate = settings[settings_0 + network.learning_rate_norm_at + l];
  let packs_out = layer.packs_out;
  let width = team_width(packs_out);
  let sharers = TEAM / width;
  let place = place_in_team(lane, width);
  let n = f32(rows);
  for (var first = 0u; first < packs_out; first += width) {
    let column = first + place.column;
    let busy = place.busy && column < packs_out;
    let end = select(0u, row_packs(rows), busy);
    let z = base + layer.z + column;
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
      let g = load(dy + i * packs_out); // 0 beyond the last row
      d_gamma += g * (((load(z + i * packs_out) - pivot) - low) * inverse_std);
      d_beta += g;
    }
    let sums = team_sums(lane, width, across_rows(d_gamma), across_rows(d_beta));
    if (busy) {
      let columns = columns_of(column, layer.fan_out);
      for (var i = place.share; i < end; i += sharers) {
        let value = load(z + i * packs_out);
        let x_hat = ((value - pivot) - low) * inverse_std;
        var d = gamma * inverse_std * (load(dy + i * packs_out) - sums.b / n - x_hat * (sums.a / n));
        if (layer.activated == ACTIVATED_FIRST) {
          d *= gain * phi_derivative(value);
        }
        store(dy + i * packs_out, only(columns, of_rows(d, i, rows)));
      }
      if (network.frozen == 0u && place.share == 0u) {
        let beta = load(base + layer.affine + packs_out + column);
        update(base, settings_0, layer.affine + column, gamma, only(columns, sums.a), rate, 0.0);
        update(base, settings_0, layer.affine + packs_out + column, beta, only(columns, sums.b), rate, 0.0);
      }
    }
  }
}
