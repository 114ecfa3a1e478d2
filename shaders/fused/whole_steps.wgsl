// A dispatch trains every trial for many steps. In its place on software adapters: a dispatch a phase (software/phase.wgsl).

struct Slice {
  steps: u32, // of this dispatch
  until: u32, // what the clock shows when all is done that was asked for
  interleaved: u32, // where in the arena the memories of neighbours begin, element by element
  pad_0: u32,
}

@group(0) @binding(10) var<uniform> slice: Slice;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let t = trial_of_team(workgroup, workgroups, invocation);
  if (t >= trials.count) {
    return;
  }
  let trial = trials.list[t];
  let slot = trial.x;
  let lane = member_of_team(invocation);
  let base = open_memory(t, slot, network.stride, network.carried, lane);
  let settings_0 = slot * network.settings;
  fetch_data(lane, base, trial.y);
  var outcome = read_outcome(OUTCOME_WORDS * slot);
  for (var step = 0u; step < slice.steps; step++) {
    let clock = outcome.clock;
    forward(lane, base, settings_0, network.x, network.samples);
    outcome = judge(lane, base, settings_0, slot, outcome);
    if (step + 1u == slice.steps && slice.until == network.total) {
      examine(lane, base, settings_0, slot);
    }
    if (agreed(lane, is_over(outcome))) {
      outcome.clock = slice.until; // as if it had been trained on, which would change nothing
      break;
    }
    var input = network.x;
    var rows = network.samples;
    if (MINIBATCH != 0u) {
      input = network.batch_x;
      rows = network.batch;
      gather(lane, base, trial.w, clock);
      forward(lane, base, settings_0, input, rows);
      start_delta(lane, base);
    }
    settle();
    backward(lane, base, settings_0, norms_of(slot, clock), input, rows);
  }
  if (lane == 0u) {
    if (loops_are_cut()) {
      outcome.clock = NEVER; // what the loops above have done is worth nothing, which the host sees by this
    }
    write_outcome(OUTCOME_WORDS * slot, outcome);
  }
  close_memory(slot, network.stride, network.carried, lane);
}

// Some drivers end the loops of an invocation after so many iterations in all, without a word (Mesa's lavapipe after 65,535):
// the rest of them run once. Then this one does too.
fn loops_are_cut() -> bool {
  let wanted = 1u + min(slice.steps, 1u); // which no compiler knows
  var turns = 0u;
  for (var i = 0u; i < wanted; i++) {
    turns += 1u;
  }
  return turns != wanted;
}
