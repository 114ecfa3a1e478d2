// Products of a layer going down, and what its W and b move by.

// From delta, the gradient by scale·(a·W) + b: that for the layer below, and the update of W and b as soon as nobody needs them
// any more. `below` may be the place of the layer's input. norms_0: where a trace's row begins.
fn backward_layer(
  lane: u32,
  base: u32,
  settings_0: u32,
  norms_0: u32,
  layer: Layer,
  l: u32,
  input: u32,
  delta: u32,
  below: u32,
  rows: u32,
) {
  let gain = settings[settings_0 + network.preactivation_gain_at];
  let decay = settings[settings_0 + network.weight_decay_at];
  let rate = settings[settings_0 + network.learning_rate_at + l];
  take_gradient(lane, base, layer, rows, base + input, delta);
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
  if (network.tracing != 0u) {
    let gradient_total = vec2f(team_sum(squares.gradient.x, lane), team_sum(squares.gradient.y, lane));
    let weight_total = vec2f(team_sum(squares.weights.x, lane), team_sum(squares.weights.y, lane));
    if (lane == 0u) {
      norms[norms_0 + 2u * l] = norm_of(gradient_total);
      norms[norms_0 + 2u * l + 1u] = norm_of(weight_total);
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
    let end = select(0u, row_packs(rows), busy);
    var sum = Pack();
    for (var i = place.share; i < end; i += sharers) {
      sum += load(delta + i * packs_out + column);
    }
    let sums = team_sums(lane, width, across_rows(sum), Pack());
    if (busy && place.share == 0u) {
      update(base, settings_0, layer.bias + column, load(base + layer.bias + column), sums.a, rate, 0.0);
    }
  }
}
