// y = γ·x̂ + β with x̂ = ((x − mean) − mean_low)·inverse_std, feature by feature; x and y are rows × features, affine holds
// γ[features] and then β[features], stats four numbers a feature (batch_norm_stats.wgsl).
//
// One invocation makes four elements (shared/elementwise.wgsl). Source: Ioffe & Szegedy 2015, algorithm 1. Twin: src/reference/batch_norm_forward.ts

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
  let x_first = first(call.x, trial);
  let stats_first = first(call.stats, trial);
  let affine_first = first(call.affine, trial);
  let y_first = first(call.y, trial);
  let end = block_end(workgroup, call.rows * call.features);
  for (var i = block_first(workgroup, lane); i < end; i += WORKGROUP_SIZE) {
    let feature = i % call.features;
    let at = stats_first + 4 * feature;
    let standard = normalized(x[x_first + i], stats[at], stats[at + 1], stats[at + 3]);
    y[y_first + i] = affine[affine_first + feature] * standard + affine[affine_first + call.features + feature];
  }
}
