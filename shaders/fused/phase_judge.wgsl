@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let t = trial_of_team(workgroup, workgroups, invocation);
  if (t >= trials.count) {
    return;
  }
  let seat = seat_of(t, invocation);
  let before = read_outcome(seat.slot);
  let after = judge(seat.lane, seat.base, seat.settings_0, seat.slot, before);
  if (seat.lane == 0u) {
    write_outcome(seat.slot, after);
  }
  if (MINIBATCH != 0u) {
    gather(seat.lane, seat.base, trials.list[t].w, before.clock);
  }
}
