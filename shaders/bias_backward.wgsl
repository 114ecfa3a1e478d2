// gradient[j] = Σ_i dz[i,j]
// dz (rows, cols), gradient (cols). One workgroup sums FEATURES columns of one trial, in fixed order (shared/feature_sums.wgsl).
// Twin: src/reference/bias.ts

struct Call {
  dz: View,
  gradient: View,
  rows: u32,
  cols: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read_write> tally: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> dz: array<f32>;
@group(0) @binding(4) var<storage, read_write> gradient: array<f32>;

@compute @workgroup_size(FEATURES, ROW_LANES)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_id) lane: vec3u,
) {
  let t = trial_of(workgroup, workgroups);
  if (t >= trials.count) {
    return;
  }
  let trial = trials.list[t];
  count_workgroup(trial.x, lane.x + lane.y);
  let dz_first = first(call.dz, trial);
  let cols = call.cols;
  let column = workgroup.x * FEATURES + lane.x;
  let exists = column < cols;
  let rows = select(0, call.rows, exists);
  var sum = 0f;
  for (var row = lane.y; row < rows; row += ROW_LANES) {
    sum += dz[dz_first + row * cols + column];
  }
  let total = sum_lanes(vec2f(sum, 0), lane.x, lane.y).x;
  if (lane.y == 0 && exists) {
    gradient[first(call.gradient, trial) + column] = total;
  }
}
