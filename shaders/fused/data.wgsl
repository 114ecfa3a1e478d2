// What a trial trains on. Needs shared/philox.wgsl.

const MINIBATCH_STREAM = 2u;

// Copies the trial's data set, its rows padded.
fn fetch_data(lane: u32, base: u32, dataset: u32) {
  let x_packs = packs(network.inputs);
  let y_packs = packs(network.outputs);
  for (var row = lane; row < network.samples; row += TEAM) {
    let x_row = (dataset * network.samples + row) * network.inputs;
    let y_row = (dataset * network.samples + row) * network.outputs;
    for (var i = 0u; i < x_packs; i++) {
      store(base + network.x + row * x_packs + i, pack_of_x(x_row + PACK * i, network.inputs - PACK * i));
    }
    for (var i = 0u; i < y_packs; i++) {
      store(base + network.y + row * y_packs + i, pack_of_y(y_row + PACK * i, network.outputs - PACK * i));
    }
  }
  settle();
}

// Copies the batch of this step, drawn with replacement.
fn gather(lane: u32, base: u32, seed: u32, clock: u32) {
  let x_packs = packs(network.inputs);
  let y_packs = packs(network.outputs);
  for (var j = lane; j < network.batch; j += TEAM) {
    let random = philox(vec2u(seed, MINIBATCH_STREAM), vec4u(0u, j, clock, 0u)).x;
    let sample = mulhi(random, network.samples);
    for (var i = 0u; i < x_packs; i++) {
      store(base + network.batch_x + j * x_packs + i, load(base + network.x + sample * x_packs + i));
    }
    for (var i = 0u; i < y_packs; i++) {
      store(base + network.batch_y + j * y_packs + i, load(base + network.y + sample * y_packs + i));
    }
  }
  settle();
}
