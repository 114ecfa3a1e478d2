// Every invocation trains a trial of its own, and waits for nobody: for small trials, of which there are many. In its place for large
// ones: team_workgroup.wgsl.

const TEAM = 1u;

fn trial_of_team(workgroup: vec3u, workgroups: vec3u, invocation: u32) -> u32 {
  return trial_of(workgroup, workgroups) * WORKGROUP_SIZE + invocation;
}

fn member_of_team(invocation: u32) -> u32 {
  return 0u;
}

fn settle() {
}

fn agreed(lane: u32, stop: bool) -> bool {
  return stop;
}

fn team_sum(value: f32, lane: u32) -> f32 {
  return value;
}

fn team_sums(lane: u32, width: u32, a: Pack, b: Pack) -> Sums {
  return Sums(a, b);
}
