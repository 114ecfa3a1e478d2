// gradient[i] = ∂loss/∂prediction[i], loss as in loss_forward.wgsl (a mean: hence / count)
// prediction, target_, gradient (count). Elementwise (shared/elementwise.wgsl). ℓ: one of shaders/losses.
// Twin: src/reference/loss.ts

struct Call {
  prediction: View,
  target_: View,
  gradient: View,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read_write> tally: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> prediction: array<f32>;
@group(0) @binding(4) var<storage, read> target_: array<f32>;
@group(0) @binding(5) var<storage, read_write> gradient: array<f32>;

// const LOSS: u32, from the host: which loss it is

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
  let prediction0 = first(call.prediction, trial);
  let target0 = first(call.target_, trial);
  let gradient0 = first(call.gradient, trial);
  let count = call.prediction.length;
  let n = f32(count);
  let end = block_end(workgroup, count);
  for (var i = block_first(workgroup, lane); i < end; i += WORKGROUP_SIZE) {
    gradient[gradient0 + i] = loss_derivative(prediction[prediction0 + i], target_[target0 + i]) / n;
  }
}
