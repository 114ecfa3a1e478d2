// The loss of the last layer's output, its slope, and what becomes of the trial.

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

// Whether the rest of a step would change nothing, once it was judged. Of the step in which a trial stops a trace yet wants the norms.
fn is_over(outcome: Outcome) -> bool {
  return is_stopped(outcome, STOPS != 0u) && (network.tracing == 0u || outcome.recorded != outcome.clock);
}

// The outcome with this step's loss taken in, and the loss in the history.
fn judge(lane: u32, base: u32, settings_0: u32, slot: u32, before: Outcome) -> Outcome {
  let loss = bitcast<u32>(mean_loss(lane, base));
  if (lane == 0u && !is_stopped(before, STOPS != 0u)) {
    history[slot * network.ring + before.clock % network.ring] = loss;
  }
  let divergence = settings[settings_0 + network.divergence_at];
  let best_constant = settings[settings_0 + network.best_constant_at];
  return outcome_after(before, loss, divergence, best_constant, STOPS != 0u);
}
