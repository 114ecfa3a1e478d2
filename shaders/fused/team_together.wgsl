// What all teams have in common that are a workgroup: four invocations (team_quad.wgsl) or any number (team_workgroup.wgsl).
// In its place, for an invocation alone: team_single.wgsl.

var<workgroup> stopped: u32;

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
