// Once, before the first step.
fn run_phase(seat: Seat) {
  fetch_data(seat.lane, seat.base, trials.list[seat.trial].y);
}
