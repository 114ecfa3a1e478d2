// Batch normalization of x (rows × features), feature by feature: y = γ·x̂ + β with x̂ = ((x − mean) − mean_low)·inverse_std;
// affine holds γ[features] and then β[features]. What the backward pass needs is kept in stats, four numbers a feature:
// mean, mean_low, variance, inverse_std. mean + mean_low is the mean to about twice float32's precision, variance the biased one,
// inverse_std 1/√(variance + ε).
// Corrected two-pass: with d = x − mean, mean_low = Σd/n and variance = Σd²/n − (Σd/n)², which stays exact where Σx²/n − mean²
// cancels to nothing or below. Where squares are beyond float32 they are summed scaled down.
//
// One workgroup: FEATURES features of one trial, ROW_LANES row lanes, so that x comes from memory once and from the cache then.
// Source: Ioffe & Szegedy 2015, algorithm 1; Chan, Golub & LeVeque 1983 for the variance.
// Twin: src/reference/batch_norm.ts

struct Call {
  x: View,
  epsilon: View,
  affine: View,
  stats: View,
  y: View,
  rows: u32,
  features: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read_write> tally: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> x: array<f32>;
@group(0) @binding(4) var<storage, read> epsilon: array<f32>;
@group(0) @binding(5) var<storage, read> affine: array<f32>;
@group(0) @binding(6) var<storage, read_write> stats: array<f32>;
@group(0) @binding(7) var<storage, read_write> y: array<f32>;

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
  let features = call.features;
  let feature = workgroup.x * FEATURES + lane.x;
  let rows = select(0, call.rows, feature < features);
  let n = f32(call.rows);
  let x_first = first(call.x, trial) + feature;

  var sum = 0f;
  for (var row = lane.y; row < rows; row += ROW_LANES) {
    sum += x[x_first + row * features];
  }
  let mean = sum_lanes(vec2f(sum, 0), lane.x, lane.y).x / n;

  var sums = vec2f();
  for (var row = lane.y; row < rows; row += ROW_LANES) {
    let d = x[x_first + row * features] - mean;
    sums += vec2f(d, d * d);
  }
  let moments = sum_lanes(sums, lane.x, lane.y) / n;
  if (feature >= features) {
    return;
  }
  let variance = not_negative(moments.y - moments.x * moments.x);
  var inverse_std = 1 / sqrt(variance + epsilon[first(call.epsilon, trial)]);
  if (!is_finite(variance)) { // rare, so each lane sums all rows by itself
    var squares = 0f;
    for (var row = 0u; row < rows; row++) {
      let d = SCALE * ((x[x_first + row * features] - mean) - moments.x);
      squares += d * d;
    }
    inverse_std = normal_or_nan(SCALE / sqrt(squares / n));
  }
  if (lane.y == 0) {
    let stats_first = first(call.stats, trial) + 4 * feature;
    stats[stats_first] = mean;
    stats[stats_first + 1] = moments.x;
    stats[stats_first + 2] = variance;
    stats[stats_first + 3] = inverse_std;
  }

  let gamma = affine[first(call.affine, trial) + feature];
  let beta = affine[first(call.affine, trial) + features + feature];
  let y_first = first(call.y, trial) + feature;
  for (var row = lane.y; row < rows; row += ROW_LANES) {
    y[y_first + row * features] = gamma * normalized(x[x_first + row * features], mean, moments.x, inverse_std) + beta;
  }
}
