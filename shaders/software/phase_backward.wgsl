// const BELOW: u32, from the host: there is a layer below
// const DIFFERENTIATES: u32, from the host: and delta is to be taken through its activation

fn has_below(l: u32) -> bool {
  return BELOW != 0u;
}

fn differentiates_below(l: u32) -> bool {
  return DIFFERENTIATES != 0u;
}

// The layer's input is there until its weights have moved.
fn take_gradient(lane: u32, base: u32, layer: Layer, rows: u32, a: u32, delta: u32) {
}

fn run_phase(seat: Seat) {
  let outcome = read_outcome(OUTCOME_WORDS * seat.slot);
  if (agreed(seat.lane, is_over(outcome))) {
    return;
  }
  let l = phase.index;
  let delta = delta_of(seat.base, l);
  let norms_0 = norms_of(seat.slot, outcome.clock - 1u); // judge has moved the clock on
  let below = delta_below(seat.base, l);
  backward_layer(
    seat.lane, seat.base, seat.settings_0, norms_0, phase.layer, l, phase.input, delta, below, phase.rows,
  );
}
