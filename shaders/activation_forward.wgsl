// y[i] = φ(gain·x[i])
// x, y (count); gain (1). Elementwise (shared/elementwise.wgsl). φ: one of shaders/activations.
// Twin: src/reference/activation.ts

struct Call {
  x: View,
  gain: View,
  y: View,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read_write> tally: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> x: array<f32>;
@group(0) @binding(4) var<storage, read> gain: array<f32>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

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
  let x0 = first(call.x, trial);
  let y0 = first(call.y, trial);
  let scale = gain[first(call.gain, trial)];
  let end = block_end(workgroup, call.y.length);
  for (var i = block_first(workgroup, lane); i < end; i += WORKGROUP_SIZE) {
    y[y0 + i] = phi_of(scale * x[x0 + i]);
  }
}
