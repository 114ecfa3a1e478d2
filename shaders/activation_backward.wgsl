// dx[i] = dy[i]·gain·φ′[i], φ′ from what is kept of y = φ(gain·x): y or x (shared/activation_derivative.wgsl)
// kept, dy, dx (count); gain (1). Elementwise (shared/elementwise.wgsl). φ′: one of shaders/activations.
// Twin: src/reference/activation.ts

struct Call {
  kept: View,
  dy: View,
  gain: View,
  dx: View,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read_write> tally: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> kept: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<f32>;
@group(0) @binding(5) var<storage, read> gain: array<f32>;
@group(0) @binding(6) var<storage, read_write> dx: array<f32>;

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
  let dy0 = first(call.dy, trial);
  let dx0 = first(call.dx, trial);
  let scale = gain[first(call.gain, trial)];
  let end = block_end(workgroup, call.dx.length);
  for (var i = block_first(workgroup, lane); i < end; i += WORKGROUP_SIZE) {
    let derivative = phi_derivative_of(derivative_argument(kept[kept0 + i], scale));
    dx[dx0 + i] = dy[dy0 + i] * scale * derivative;
  }
}
