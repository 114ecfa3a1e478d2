// velocity[p] ← momentum·velocity[p] + gradient[p] + weight_decay·parameters[p]; parameters[p] ← parameters[p] − rate·velocity[p]
// gradient, velocity, parameters (count); segments (count, 2): the first word of p names its learning rate in settings, with
// flags: bit 31, weight decay applies; bit 30, p is frozen. Elementwise (shared/elementwise.wgsl).
// Source: Polyak's heavy ball with coupled decay, as torch.optim.SGD.
// Twin: src/reference/sgd_update.ts

struct Call {
  gradient: View,
  segments: View,
  settings: View,
  velocity: View,
  parameters: View,
  momentum_at: u32,
  weight_decay_at: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read_write> tally: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> gradient: array<f32>;
@group(0) @binding(4) var<storage, read> segments: array<u32>;
@group(0) @binding(5) var<storage, read> settings: array<f32>;
@group(0) @binding(6) var<storage, read_write> velocity: array<f32>;
@group(0) @binding(7) var<storage, read_write> parameters: array<f32>;

const DECAYS = 0x80000000u;
const FROZEN = 0x40000000u;
const RATE_AT = 0x3fffffffu;

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
  let gradient0 = first(call.gradient, trial);
  let segments0 = first(call.segments, trial);
  let settings0 = first(call.settings, trial);
  let velocity0 = first(call.velocity, trial);
  let parameters0 = first(call.parameters, trial);
  let momentum = settings[settings0 + call.momentum_at];
  let weight_decay = settings[settings0 + call.weight_decay_at];
  let end = block_end(workgroup, call.parameters.length);
  for (var p = block_first(workgroup, lane); p < end; p += WORKGROUP_SIZE) {
    let segment = segments[segments0 + 2u * p];
    if ((segment & FROZEN) != 0u) {
      continue;
    }
    let rate = settings[settings0 + (segment & RATE_AT)];
    let parameter = parameters[parameters0 + p];
    var slope = gradient[gradient0 + p];
    if ((segment & DECAYS) != 0u) {
      slope += weight_decay * parameter;
    }
    let next_velocity = momentum * velocity[velocity0 + p] + slope;
    velocity[velocity0 + p] = next_velocity;
    parameters[parameters0 + p] = parameter - rate * next_velocity;
  }
}
