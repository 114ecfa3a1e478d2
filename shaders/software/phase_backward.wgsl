// const BELOW: u32, from the host: there is a layer below
// const DIFFERENTIATES: u32, from the host: and delta is to be taken through its activation

fn has_below(l: u32) -> bool {
  return BELOW != 0u;
}

fn differentiates_below(l: u32) -> bool {
  return DIFFERENTIATES != 0u;
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
