// loss = mean over i of ℓ(prediction[i], target_[i])
// prediction, target_ (count), loss (1); the underscore because WGSL reserves the word.
// One workgroup a trial sums in fixed order. ℓ: one of shaders/losses.
// Twin: src/reference/loss.ts

struct Call {
  prediction: View,
  target_: View,
  loss: View,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read_write> tally: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> prediction: array<f32>;
@group(0) @binding(4) var<storage, read> target_: array<f32>;
@group(0) @binding(5) var<storage, read_write> loss: array<f32>;

// const WORKGROUP_SIZE: u32, from the host
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
  let count = call.prediction.length;
  var sum = 0.0;
  for (var i = lane; i < count; i += WORKGROUP_SIZE) {
    sum += loss_value(prediction[prediction0 + i], target_[target0 + i]);
  }
  let total = workgroup_sum(sum, lane);
  if (lane == 0u) {
    loss[first(call.loss, trial)] = total / f32(count);
  }
}
