// dx[i] = dy[i]·gain·φ'[i], φ' = y(1 − y), from the output y = φ(gain·x)
// y, dy, dx (count); gain (1). Elementwise (shared/elementwise.wgsl). Arithmetic: shared/activation.wgsl.
// Twin: src/reference/sigmoid_backward.ts

struct Call {
  y: View,
  dy: View,
  gain: View,
  dx: View,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read_write> tally: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> y: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<f32>;
@group(0) @binding(5) var<storage, read> gain: array<f32>;
@group(0) @binding(6) var<storage, read_write> dx: array<f32>;

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
  let y0 = first(call.y, trial);
  let dy0 = first(call.dy, trial);
  let dx0 = first(call.dx, trial);
  let scale = gain[first(call.gain, trial)];
  let end = block_end(workgroup, call.dx.length);
  for (var i = block_first(workgroup, lane); i < end; i += WORKGROUP_SIZE) {
    dx[dx0 + i] = dy[dy0 + i] * scale * sigmoid_derivative(y[y0 + i]);
  }
}
