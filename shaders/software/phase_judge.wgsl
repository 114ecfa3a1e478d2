fn run_phase(seat: Seat) {
  let before = read_outcome(OUTCOME_WORDS * seat.slot);
  let after = judge(seat.lane, seat.base, seat.settings_0, seat.slot, before);
  if (seat.lane == 0u) {
    write_outcome(OUTCOME_WORDS * seat.slot, after);
  }
  if (agreed(seat.lane, before.clock + 1u == network.total)) {
    examine(seat.lane, seat.base, seat.settings_0, seat.slot);
  }
  if (MINIBATCH != 0u) {
    gather(seat.lane, seat.base, trials.list[seat.trial].w, before.clock);
  }
}
