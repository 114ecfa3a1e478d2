fn run_phase(seat: Seat) {
  normalize(seat.lane, seat.base, seat.settings_0, phase.layer, phase.rows);
}
