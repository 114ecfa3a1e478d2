// state.nonfinite = how many of the values are NaN or infinite, as nearly as float32 counts
// values (its own count), state (shared/outcome.wgsl). One workgroup a trial.
// Twin: src/reference/nonfinite.ts

struct Call {
  values: View,
  state: View,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read_write> tally: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> values: array<f32>;
@group(0) @binding(4) var<storage, read_write> state: array<u32>;

// const WORKGROUP_SIZE: u32, from the host

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let t = trial_of(workgroup, workgroups);
  if (t >= trials.count) {
    return;
  }
  let trial = trials.list[t];
  count_workgroup(trial.x, lane);
  let values0 = first(call.values, trial);
  var count = 0u;
  for (var i = lane; i < call.values.length; i += WORKGROUP_SIZE) {
    count += u32(!is_finite(values[values0 + i]));
  }
  let total = workgroup_sum(f32(count), lane);
  if (lane == 0u) {
    state[first(call.state, trial) + NONFINITE] = bitcast<u32>(total);
  }
}
