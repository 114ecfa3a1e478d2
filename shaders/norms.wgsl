// out[(clock % ring)·row + column] = ‖gradient‖₂, and the next element = ‖parameters‖₂; clock = state[0]
// parameters, gradient (each its own count): one layer's weights; state (shared/outcome.wgsl), out (ring, row).
// One workgroup a trial sums in fixed order, squares scaled up and down (shared/norm.wgsl).
// Twin: src/reference/norms.ts

struct Call {
  parameters: View,
  gradient: View,
  state: View,
  out: View,
  ring: u32,
  row: u32,
  column: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read_write> tally: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> parameters: array<f32>;
@group(0) @binding(4) var<storage, read> gradient: array<f32>;
@group(0) @binding(5) var<storage, read> state: array<u32>;
@group(0) @binding(6) var<storage, read_write> out: array<f32>;

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
  let parameters0 = first(call.parameters, trial);
  let gradient0 = first(call.gradient, trial);
  var gradient_squares = vec2f();
  for (var i = lane; i < call.gradient.length; i += WORKGROUP_SIZE) {
    let value = gradient[gradient0 + i] * vec2f(SCALE_UP, SCALE_DOWN);
    gradient_squares += value * value;
  }
  var parameter_squares = vec2f();
  for (var i = lane; i < call.parameters.length; i += WORKGROUP_SIZE) {
    let value = parameters[parameters0 + i] * vec2f(SCALE_UP, SCALE_DOWN);
    parameter_squares += value * value;
  }
  let gradient_total = vec2f(workgroup_sum(gradient_squares.x, lane), workgroup_sum(gradient_squares.y, lane));
  let parameter_total = vec2f(workgroup_sum(parameter_squares.x, lane), workgroup_sum(parameter_squares.y, lane));
  if (lane == 0u) {
    let clock = state[first(call.state, trial)];
    let at = first(call.out, trial) + (clock % call.ring) * call.row + call.column;
    out[at] = norm_of(gradient_total);
    out[at + 1u] = norm_of(parameter_total);
  }
}
