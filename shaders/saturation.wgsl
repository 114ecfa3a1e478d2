// state.saturated += weight · (how many units, on all samples, have an activation's derivative below SATURATED_BELOW)
// kept (its own count): of a layer's activation (shared/activation_derivative.wgsl), gain (1); state
// (shared/outcome.wgsl).
// weight: 1 / all units on all samples, so that the calls for all layers add up to the share. One workgroup a trial.
// Twin: src/reference/saturation.ts

struct Call {
  kept: View,
  gain: View,
  state: View,
  weight: f32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read_write> tally: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> kept: array<f32>;
@group(0) @binding(4) var<storage, read> gain: array<f32>;
@group(0) @binding(5) var<storage, read_write> state: array<u32>;

// const WORKGROUP_SIZE: u32, from the host
// const ACTIVATION: u32, from the host: which activation function it is

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
  let kept0 = first(call.kept, trial);
  let scale = gain[first(call.gain, trial)];
  var count = 0u;
  for (var i = lane; i < call.kept.length; i += WORKGROUP_SIZE) {
    count += u32(is_saturated(derivative_argument(kept[kept0 + i], scale)));
  }
  let total = workgroup_sum(f32(count), lane);
  if (lane == 0u) {
    let at = first(call.state, trial) + SATURATED;
    state[at] = bitcast<u32>(bitcast<f32>(state[at]) + call.weight * total);
  }
}
