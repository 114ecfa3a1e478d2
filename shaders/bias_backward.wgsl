// gradient[j] = Σ_i dz[i,j]
// dz (rows, cols), gradient (cols). One workgroup sums a column, in fixed order.
// Twin: src/reference/bias_backward.ts

struct Call {
  dz: View,
  gradient: View,
  rows: u32,
  cols: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read> dz: array<f32>;
@group(0) @binding(3) var<storage, read_write> gradient: array<f32>;

const WORKGROUP_SIZE = 64u;

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
  let column = workgroup.x;
  let dz0 = first(call.dz, trial);
  var sum = 0.0;
  for (var i = lane; i < call.rows; i += WORKGROUP_SIZE) {
    sum += dz[dz0 + i * call.cols + column];
  }
  let total = workgroup_sum(sum, lane);
  if (lane == 0u) {
    gradient[first(call.gradient, trial) + column] = total;
  }
}
