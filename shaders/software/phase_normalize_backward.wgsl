fn run_phase(seat: Seat) {
  if (agreed(seat.lane, is_over(read_outcome(OUTCOME_WORDS * seat.slot)))) {
    return;
  }
  let delta = delta_of(seat.base, phase.index);
  batch_normalize_backward(seat.lane, seat.base, seat.settings_0, phase.layer, phase.index, phase.rows, delta);
}
