// dβ = Σdy, dγ = Σdy·x̂ and dx = γ·inverse_std·(dy − mean(dy) − x̂·mean(dy·x̂)), feature by feature, means and sums over the
// rows. x, dy and dx are rows × features; gradient holds dγ[features] and then dβ[features], affine γ and β likewise,
// stats four numbers a feature (batch_norm_forward.wgsl).
//
// One workgroup: FEATURES features of one trial, ROW_LANES row lanes. Source: Ioffe & Szegedy 2015, section 3, with the chain rule
// through mean and variance collected. Twin: src/reference/batch_norm.ts

struct Call {
  x: View,
  stats: View,
  affine: View,
  dy: View,
  gradient: View,
  dx: View,
  rows: u32,
  features: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read_write> tally: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> x: array<f32>;
@group(0) @binding(4) var<storage, read> stats: array<f32>;
@group(0) @binding(5) var<storage, read> affine: array<f32>;
@group(0) @binding(6) var<storage, read> dy: array<f32>;
@group(0) @binding(7) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(8) var<storage, read_write> dx: array<f32>;

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
  let x_first = first(call.x, trial);
  let dy_first = first(call.dy, trial);
  let dx_first = first(call.dx, trial);
  let features = call.features;
  let feature = workgroup.x * FEATURES + lane.x;
  let exists = feature < features;
  let rows = select(0, call.rows, exists);
  let stats_at = first(call.stats, trial) + 4 * select(0, feature, exists);
  let mean = stats[stats_at];
  let mean_low = stats[stats_at + 1];
  let inverse_std = stats[stats_at + 3];

  var sums = vec2f();
  for (var row = lane.y; row < rows; row += ROW_LANES) {
    let i = row * features + feature;
    let slope = dy[dy_first + i];
    sums += vec2f(slope, slope * normalized(x[x_first + i], mean, mean_low, inverse_std));
  }
  let totals = sum_lanes(sums, lane.x, lane.y);
  if (!exists) {
    return;
  }
  if (lane.y == 0) {
    let gradient_at = first(call.gradient, trial) + feature;
    gradient[gradient_at] = totals.y;
    gradient[gradient_at + features] = totals.x;
  }

  let means = totals / f32(call.rows);
  let factor = affine[first(call.affine, trial) + feature] * inverse_std;
  for (var row = lane.y; row < rows; row += ROW_LANES) {
    let i = row * features + feature;
    let standard = normalized(x[x_first + i], mean, mean_low, inverse_std);
    dx[dx_first + i] = factor * (dy[dy_first + i] - means.x - standard * means.y);
  }
}
