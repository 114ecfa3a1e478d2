// parameters[p] = base[p]·gain, gain = settings[segments[p].y], or 1 where that word is NO_GAIN
// base, parameters (count); segments (count, 2). Elementwise (shared/elementwise.wgsl).
// Twin: src/reference/initialize.ts

struct Call {
  base: View,
  segments: View,
  settings: View,
  parameters: View,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read_write> tally: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> base: array<f32>;
@group(0) @binding(4) var<storage, read> segments: array<u32>;
@group(0) @binding(5) var<storage, read> settings: array<f32>;
@group(0) @binding(6) var<storage, read_write> parameters: array<f32>;

const NO_GAIN = 0xffffffffu;

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
  let base0 = first(call.base, trial);
  let segments0 = first(call.segments, trial);
  let settings0 = first(call.settings, trial);
  let parameters0 = first(call.parameters, trial);
  let end = block_end(workgroup, call.parameters.length);
  for (var p = block_first(workgroup, lane); p < end; p += WORKGROUP_SIZE) {
    let gain_at = segments[segments0 + 2u * p + 1u];
    var value = base[base0 + p];
    if (gain_at != NO_GAIN) {
      value *= settings[settings0 + gain_at];
    }
    parameters[parameters0 + p] = value;
  }
}
