// z[i,j] += bias[j]
// bias (cols), z (rows, cols). One workgroup: ROW_BLOCK rows of FEATURES columns (shared/feature_lanes.wgsl).
// Twin: src/reference/bias.ts

struct Call {
  bias: View,
  z: View,
  rows: u32,
  cols: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read_write> tally: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> z: array<f32>;

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
  let cols = call.cols;
  let block = feature_block(workgroup, lane, call.rows, cols);
  if (block.feature >= cols) {
    return;
  }
  let added = bias[first(call.bias, trial) + block.feature];
  let column = first(call.z, trial) + block.feature;
  for (var row = block.row; row < block.end; row += ROW_LANES) {
    z[column + row * cols] += added;
  }
}
