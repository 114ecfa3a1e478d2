fn run_phase(seat: Seat) {
  batch_normalize(seat.lane, seat.base, seat.settings_0, phase.layer, phase.rows);
}
