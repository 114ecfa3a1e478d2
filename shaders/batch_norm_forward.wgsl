// y = γ·x̂ + β with x̂ = ((x − mean) − mean_low)·inverse_std, feature by feature; x and y are rows × features, affine holds
// γ[features] and then β[features], stats four numbers a feature (batch_norm_stats.wgsl).
//
// One workgroup: ROW_BLOCK rows of FEATURES features of one trial (shared/feature_lanes.wgsl).
// Source: Ioffe & Szegedy 2015, algorithm 1. Twin: src/reference/batch_norm_forward.ts

struct Call {
  x: View,
  stats: View,
  affine: View,
  y: View,
  rows: u32,
  features: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> stats: array<f32>;
@group(0) @binding(4) var<storage, read> affine: array<f32>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

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
  let features = call.features;
  let block = feature_block(workgroup, lane, call.rows, features);
  if (block.feature >= features) {
    return;
  }
  let x_first = first(call.x, trial) + block.feature;
  let y_first = first(call.y, trial) + block.feature;
  let stats_at = first(call.stats, trial) + 4 * block.feature;
  let mean = stats[stats_at];
  let mean_low = stats[stats_at + 1];
  let inverse_std = stats[stats_at + 3];
  let affine_at = first(call.affine, trial) + block.feature;
  let gamma = affine[affine_at];
  let beta = affine[affine_at + features];
  for (var row = block.row; row < block.end; row += ROW_LANES) {
    let i = row * features;
    y[y_first + i] = gamma * normalized(x[x_first + i], mean, mean_low, inverse_std) + beta;
  }
}
