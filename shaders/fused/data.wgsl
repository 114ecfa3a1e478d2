// What a trial trains on.

// Copies the trial's data set, its rows padded.
fn fetch_data(lane: u32, base: u32, dataset: u32) {
  let x_packs = packs(network.inputs);
  let y_packs = packs(network.outputs);
  let first = dataset * network.samples;
  for (var row = lane; row < row_packs(network.samples); row += TEAM) {
    for (var i = 0u; i < x_packs; i++) {
      store(base + network.x + row * x_packs + i, pack_of_x(first, row, i));
    }
    for (var i = 0u; i < y_packs; i++) {
      store(base + network.y + row * y_packs + i, pack_of_y(first, row, i));
    }
  }
  settle();
}

// Copies the batch of this step, drawn with replacement.
fn gather(lane: u32, base: u32, seed: u32, clock: u32) {
  let x_packs = packs(network.inputs);
  let y_packs = packs(network.outputs);
  for (var j = lane; j < row_packs(network.batch); j += TEAM) {
    for (var i = 0u; i < x_packs; i++) {
      store(base + network.batch_x + j * x_packs + i, gathered(base + network.x + i, x_packs, seed, clock, j));
    }
    for (var i = 0u; i < y_packs; i++) {
      store(base + network.batch_y + j * y_packs + i, gathered(base + network.y + i, y_packs, seed, clock, j));
    }
  }
  settle();
}
