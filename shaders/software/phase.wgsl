// A dispatch is one phase of a step: of a layer, where it is a phase up or down. What a phase is about is then known to the
// compiler, which matters where a branch not taken costs as much as one taken, and where the time to compile grows with the square
// of the code: so each phase is a pipeline of its own, by its `run_phase` in phase_*.wgsl, and layers alike share it, whether they
// are normalized or not. Needs memory that outlasts a dispatch, and shared/tally.wgsl. In place of fused/whole_steps.wgsl.

struct Phase {
  layer: Layer, // that it is of
  index: u32, // of the layer
  input: u32, // of the layer
  rows: u32, // all samples, or the minibatch
}

@group(0) @binding(10) var<uniform> phase: Phase;
@group(0) @binding(11) var<storage, read_write> tally: array<atomic<u32>>;

// What an invocation works on.
struct Seat {
  trial: u32, // its place in the list
  slot: u32,
  lane: u32,
  base: u32,
  settings_0: u32,
}

fn seat_of(t: u32, invocation: u32) -> Seat {
  let slot = trials.list[t].x;
  let lane = member_of_team(invocation);
  let base = open_memory(t, slot, network.stride, network.carried, lane);
  return Seat(t, slot, lane, base, slot * network.settings);
}

// A workgroup takes several trials, one after the other, where there are many: it costs as much to begin as some phases take.
@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  var t = trial_of_team(workgroup, workgroups, invocation);
  if (t >= trials.count) {
    return;
  }
  loop {
    let seat = seat_of(t, invocation);
    count_workgroup(seat.slot, seat.lane);
    run_phase(seat);
    continuing {
      t += workgroups.y * workgroups.z;
      break if t >= trials.count;
    }
  }
}

// The deltas of a layer's output and of the one below take turns in two places.
fn delta_of(base: u32, l: u32) -> u32 {
  return base + select(network.delta_0, network.delta_1, ((network.layers - 1u - l) & 1u) != 0u);
}

fn delta_below(base: u32, l: u32) -> u32 {
  return delta_of(base, l + 1u);
}
