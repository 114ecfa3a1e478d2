// What becomes of a trial by the mean loss of its step.

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
