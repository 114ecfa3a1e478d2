// What is told of a trial at its last step, while its units still hold what they made of all samples: which share of them is
// saturated, and how many of the parameters are no finite numbers. The layered engine: saturation.wgsl and nonfinite.wgsl.

fn examine(lane: u32, base: u32, settings_0: u32, slot: u32) {
  var saturated = 0u;
  var units = 0u;
  for (var l = 0u; l < network.layers; l++) {
    let layer = layer_of(l);
    if (layer.activated == 0u) {
      continue;
    }
    units += layer.fan_out;
    for (var row = lane; row < row_packs(network.samples); row += TEAM) {
      for (var j = 0u; j < layer.packs_out; j++) {
        let units_in = columns_of(j, layer.fan_out) & rows_in(row, network.samples);
        saturated += saturated_columns(activated(base, settings_0, layer, row, j), units_in);
      }
    }
  }
  var nonfinite = 0u;
  for (var p = lane; p < network.parameters; p += TEAM) {
    nonfinite += nonfinite_parameters(load(base + p));
  }
  let share = team_sum(f32(saturated), lane) / f32(max(1u, units * network.samples));
  let count = team_sum(f32(nonfinite), lane);
  if (lane == 0u) {
    state[OUTCOME_WORDS * slot + SATURATED] = bitcast<u32>(share);
    state[OUTCOME_WORDS * slot + NONFINITE] = bitcast<u32>(count);
  }
}
