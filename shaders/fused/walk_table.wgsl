// Up the layers, and down, of whole steps. In its place: text that the host writes (src/kernels/written_network.ts).

fn forward(lane: u32, base: u32, settings_0: u32, input: u32, rows: u32) {
  for (var l = 0u; l < network.layers; l++) {
    forward_layer(lane, base, settings_0, l, input, rows);
  }
}

fn backward(lane: u32, base: u32, settings_0: u32, norms_0: u32, input: u32, rows: u32) {
  for (var back = 1u; back <= network.layers; back++) {
    backward_step(lane, base, settings_0, norms_0, network.layers - back, input, rows);
  }
}
