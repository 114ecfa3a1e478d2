// What the phases down begin with.

override STARTS: u32; // this is the first of them

// Whether the trial still trains; delta of the layer is there then.
fn goes_down(seat: Seat, outcome: Outcome, delta: u32) -> bool {
  if (agreed(seat.lane, is_stopped(outcome, STOPS != 0u))) {
    return false;
  }
  if (STARTS != 0u) {
    start_delta(seat.lane, seat.base, delta, phase.labels, phase.rows);
    settle();
  }
  return true;
}
