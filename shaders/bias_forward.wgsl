// z[i,j] += bias[j]
// bias (cols), z (rows, cols). Elementwise: one invocation takes four elements.
// Twin: src/reference/bias_forward.ts

struct Call {
  bias: View,
  z: View,
  rows: u32,
  cols: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> z: array<f32>;

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
  let bias0 = first(call.bias, trial);
  let z0 = first(call.z, trial);
  for (var i = block_first(workgroup, lane); i < block_end(workgroup, call.rows * call.cols); i += WORKGROUP_SIZE) {
    z[z0 + i] += bias[bias0 + i % call.cols];
  }
}
