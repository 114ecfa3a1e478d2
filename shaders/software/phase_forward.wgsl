fn run_phase(seat: Seat) {
  multiply_layer(seat.lane, seat.base, seat.settings_0, phase.layer, phase.input, phase.rows);
}
