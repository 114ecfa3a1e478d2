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
  start_delta(seat.lane, seat.base);
}
