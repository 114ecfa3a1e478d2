// A layer up and down, all of it in a trial's memory. `forward` and `backward` go through the layers by these: walk_table.wgsl, or text that
// the host writes. In their place for narrow networks: layers_held.wgsl.

fn has_below(l: u32) -> bool {
  return l > 0u;
}

fn differentiates_below(l: u32) -> bool {
  return layer_of(l - 1u).activated == ACTIVATED_LAST;
}

fn forward_layer(lane: u32, base: u32, settings_0: u32, l: u32, input: u32, rows: u32) {
  let layer = layer_of(l);
  multiply_layer(lane, base, settings_0, layer, input_of(l, input), rows);
  settle();
  if (is_normalized(layer)) {
    batch_normalize(lane, base, settings_0, layer, rows);
    settle();
  }
}

fn backward_step(lane: u32, base: u32, settings_0: u32, norms_0: u32, l: u32, data: u32, rows: u32) {
  let layer = layer_of(l);
  let delta = delta_of(base, l);
  let input = input_of(l, data);
  if (is_normalized(layer)) {
    batch_normalize_backward(lane, base, settings_0, layer, l, rows, delta);
    settle();
  }
  backward_layer(lane, base, settings_0, norms_0, layer, l, input, delta, base + input, rows);
}

fn input_of(l: u32, data: u32) -> u32 {
  return select(layer_of(max(l, 1u) - 1u).output, data, l == 0u);
}

// A layer's delta takes the place of its output, which by then nobody reads any more.
fn delta_of(base: u32, l: u32) -> u32 {
  return base + layer_of(l).output;
}

// The gradient of W, while the layer's input a is still there.
fn take_gradient(lane: u32, base: u32, layer: Layer, rows: u32, a: u32, delta: u32) {
  multiply_transposed(lane, rows, layer.packs_in, layer.packs_out, a, delta, base + network.gradient, layer.scale, layer.splits);
  settle();
}

// W moves against that gradient. Gives ‖∇W‖² and ‖W‖² before.
fn move_weights(lane: u32, base: u32, settings_0: u32, layer: Layer, rows: u32, a: u32, delta: u32, rate: f32, decay: f32) -> Squares {
  settle(); // the layer below has its delta by these weights
  let gradient = base + network.gradient;
  let partial = PACK * layer.packs_in * layer.packs_out;
  var squares = Squares();
  for (var p = lane; p < layer.fan_in * layer.packs_out; p += TEAM) {
    var slope = load(gradient + p);
    for (var split = 1u; split < layer.splits; split++) {
      slope += load(gradient + split * partial + p);
    }
    let weight = load(base + layer.weights + p);
    squares = squares_with(squares, slope, weight);
    update(base, settings_0, layer.weights + p, weight, slope, rate, decay);
  }
  settle(); // the next layer's gradient takes the place of this one
  return squares;
}
