fn run_phase(seat: Seat) {
  start_delta(seat.lane, seat.base);
}
