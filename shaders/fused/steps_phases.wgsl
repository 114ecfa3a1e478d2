// A dispatch is one phase of a step: of a layer, where it is a forward or backward phase. What a phase is about is then known to the
// compiler, which matters where a branch not taken costs as much as one taken, and where the time to compile grows with the square
// of the code. Needs memory that outlasts a dispatch. Twin of steps_whole.wgsl.

struct Phase {
  layer: u32, // that it is of
}

@group(0) @binding(9) var<uniform> phase: Phase;

override ON_BATCH: u32; // of the minibatch, not of all samples
override NORMALIZED: u32; // what the layer is
override ACTIVATED: u32;
override BELOW: u32; // there is a layer below
override DIFFERENTIATES: u32; // and delta is to be taken through its activation
override OUTPUT: u32; // there is none above

fn is_normalized(l: u32) -> bool {
  return NORMALIZED != 0u;
}

fn is_activated(l: u32) -> bool {
  return ACTIVATED != 0u;
}

fn has_below(l: u32) -> bool {
  return BELOW != 0u;
}

fn differentiates_below(l: u32) -> bool {
  return DIFFERENTIATES != 0u;
}

struct Seat {
  trial: vec4u,
  slot: u32,
  lane: u32,
  base: u32,
  settings_0: u32,
}

fn seat_of(t: u32, invocation: u32) -> Seat {
  let trial = trials.list[t];
  let lane = member_of_team(invocation);
  let base = open_memory(trial.x, network.stride, network.carried, lane);
  return Seat(trial, trial.x, lane, base, trial.x * network.settings);
}

// Once, before the first step.
@compute @workgroup_size(WORKGROUP_SIZE)
fn fetch(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let t = trial_of_team(workgroup, workgroups, invocation);
  if (t < trials.count) {
    let seat = seat_of(t, invocation);
    fetch_data(seat.lane, seat.base, seat.trial.y);
  }
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn forward(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let t = trial_of_team(workgroup, workgroups, invocation);
  if (t < trials.count) {
    let seat = seat_of(t, invocation);
    let l = phase.layer;
    forward_layer(seat.lane, seat.base, seat.settings_0, l, input_of(l, data_x()), data_rows());
  }
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn judge_step(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let t = trial_of_team(workgroup, workgroups, invocation);
  if (t < trials.count) {
    let seat = seat_of(t, invocation);
    let before = read_outcome(seat.slot);
    let after = judge(seat.lane, seat.base, seat.settings_0, seat.slot, before);
    if (seat.lane == 0u) {
      write_outcome(seat.slot, after);
    }
    if (MINIBATCH != 0u) {
      gather(seat.lane, seat.base, seat.trial.w, before.clock);
    }
  }
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn backward(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let t = trial_of_team(workgroup, workgroups, invocation);
  if (t >= trials.count) {
    return;
  }
  let seat = seat_of(t, invocation);
  let outcome = read_outcome(seat.slot);
  if (agreed(seat.lane, is_stopped(outcome, STOPS != 0u))) {
    return;
  }
  let l = phase.layer;
  let delta = delta_of(seat.base, l);
  if (OUTPUT != 0u) {
    start_delta(seat.lane, seat.base, delta, select(network.y, network.batch_y, ON_BATCH != 0u), data_rows());
    settle();
  }
  let norms_0 = norms_of(seat.slot, outcome.clock - 1u); // judge_step has moved the clock on
  backward_layer(
    seat.lane, seat.base, seat.settings_0, norms_0, l, input_of(l, data_x()), delta, delta_below(seat.base, l), data_rows(),
  );
}

fn data_x() -> u32 {
  return select(network.x, network.batch_x, ON_BATCH != 0u);
}

fn data_rows() -> u32 {
  return select(network.samples, network.batch, ON_BATCH != 0u);
}
