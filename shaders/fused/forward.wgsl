// A layer's products going up, on the way to its output or, where it is normalized, to what normalization reads.
fn multiply_layer(lane: u32, base: u32, settings_0: u32, layer: Layer, input: u32, rows: u32) {
  let normalized = is_normalized(layer);
  let out = base + select(layer.output, layer.z, normalized);
  let activates = layer.activated == select(ACTIVATED_LAST, ACTIVATED_FIRST, normalized);
  let finish = Finish(layer.scale, settings[settings_0 + network.preactivation_gain_at], base + layer.bias);
  multiply(lane, rows, layer.packs_in, layer.packs_out, base + input, base + layer.weights, out, activates, finish);
}
