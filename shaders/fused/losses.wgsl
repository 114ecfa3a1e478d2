// The loss of the last layer's output, and its slope.

// The mean loss of the last layer's output, on all samples; and delta where these are the batch too.
fn mean_loss(lane: u32, base: u32) -> f32 {
  let across = packs(network.outputs);
  var sum = 0.0;
  for (var row = lane; row < row_packs(network.samples); row += TEAM) {
    for (var j = 0u; j < across; j++) {
      let at = row * across + j;
      let prediction = load(base + network.prediction + at);
      let label = load(base + network.y + at);
      sum += loss_of(prediction, label, network.outputs - PACK * j, row);
      if (MINIBATCH == 0u) {
        store_slope(base, at, j, prediction, label, row, network.samples);
      }
    }
  }
  return team_sum(sum, lane) / f32(network.samples * network.outputs);
}

// delta of the last layer on the minibatch.
fn start_delta(lane: u32, base: u32) {
  let across = packs(network.outputs);
  for (var row = lane; row < row_packs(network.batch); row += TEAM) {
    for (var j = 0u; j < across; j++) {
      let at = row * across + j;
      let prediction = load(base + network.prediction + at);
      store_slope(base, at, j, prediction, load(base + network.batch_y + at), row, network.batch);
    }
  }
}

// ∂loss/∂prediction, at its place in delta
fn store_slope(base: u32, at: u32, column: u32, prediction: Pack, label: Pack, row: u32, rows: u32) {
  let slope = loss_slope(prediction, label) / f32(rows * network.outputs);
  store(delta_of(base, network.layers - 1u) + at, only(columns_of(column, network.outputs), of_rows(slope, row, rows)));
}

// What the activation of a layer gave: row `row`, pack `pack`; for examining.wgsl.
fn activated(base: u32, settings_0: u32, layer: Layer, row: u32, pack: u32) -> Pack {
  let y = base + select(layer.output, layer.z, layer.activated == ACTIVATED_FIRST);
  return load(y + row * layer.packs_out + pack);
}
