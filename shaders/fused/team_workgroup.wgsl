// A workgroup trains one trial: its invocations share every layer's work. Twin of team_single.wgsl.

override TEAM = WORKGROUP_SIZE; // invocations that share a trial

var<workgroup> stopped: u32;
var<workgroup> column_partials: array<Pack, 2 * WORKGROUP_SIZE>;

// Which trial of the list is this invocation's.
fn trial_of_team(workgroup: vec3u, workgroups: vec3u, invocation: u32) -> u32 {
  return trial_of(workgroup, workgroups);
}

// Which of its trial's invocations this is.
fn member_of_team(invocation: u32) -> u32 {
  return invocation;
}

// What the team has stored so far is there for all of it.
fn settle() {
  fence();
}

// True for all of the team, where it is so for the first of them.
fn agreed(lane: u32, stop: bool) -> bool {
  if (lane == 0u) {
    stopped = u32(stop);
  }
  return workgroupUniformLoad(&stopped) != 0u;
}

fn team_sum(value: f32, lane: u32) -> f32 {
  return workgroup_sum(value, lane);
}

// The sums of a column's shares, for all of them, in a fixed order.
fn team_sums(lane: u32, width: u32, a: Pack, b: Pack) -> Sums {
  column_partials[lane] = a;
  column_partials[WORKGROUP_SIZE + lane] = b;
  workgroupBarrier();
  var sums = Sums();
  let sharers = WORKGROUP_SIZE / width;
  for (var at = lane % width; at < sharers * width; at += width) {
    sums.a += column_partials[at];
    sums.b += column_partials[WORKGROUP_SIZE + at];
  }
  workgroupBarrier();
  return sums;
}
