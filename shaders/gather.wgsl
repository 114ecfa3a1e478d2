// Minibatch with replacement: row j of batch_x and batch_y is sample mulhi(random, samples) of x and y,
// random = philox(key (seed, 2), counter (0, j, clock, 0))[0]; clock = state[0], seed = the trial's.
// x (samples, inputs), y (samples, outputs), state (shared/outcome.wgsl), batch_x (batch, inputs), batch_y (batch, outputs).
// One invocation copies one row. Source of the random numbers: shared/philox.wgsl.
// Twin: src/reference/gather.ts

struct Call {
  x: View,
  y: View,
  state: View,
  batch_x: View,
  batch_y: View,
  samples: u32,
  batch: u32,
  inputs: u32,
  outputs: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read_write> tally: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> x: array<f32>;
@group(0) @binding(4) var<storage, read> y: array<f32>;
@group(0) @binding(5) var<storage, read> state: array<u32>;
@group(0) @binding(6) var<storage, read_write> batch_x: array<f32>;
@group(0) @binding(7) var<storage, read_write> batch_y: array<f32>;

const WORKGROUP_SIZE = 64u;
const MINIBATCH_STREAM = 2u;

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
  let j = workgroup.x * WORKGROUP_SIZE + lane;
  if (j >= call.batch) {
    return;
  }
  let clock = state[first(call.state, trial)];
  let random = philox(vec2u(trial.w, MINIBATCH_STREAM), vec4u(0u, j, clock, 0u)).x;
  let sample = mulhi(random, call.samples);
  let x0 = first(call.x, trial) + sample * call.inputs;
  let batch_x0 = first(call.batch_x, trial) + j * call.inputs;
  for (var i = 0u; i < call.inputs; i++) {
    batch_x[batch_x0 + i] = x[x0 + i];
  }
  let y0 = first(call.y, trial) + sample * call.outputs;
  let batch_y0 = first(call.batch_y, trial) + j * call.outputs;
  for (var i = 0u; i < call.outputs; i++) {
    batch_y[batch_y0 + i] = y[y0 + i];
  }
}
