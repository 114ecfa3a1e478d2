// A dispatch is one phase of a step: of a layer, where it is a phase up or down. What a phase is about is then known to the
// compiler, which matters where a branch not taken costs as much as one taken, and where the time to compile grows with the square
// of the code: so each phase is a pipeline of its own (phase_*.wgsl), and layers alike share it, whether they are normalized or
// not. Needs memory that outlasts a dispatch. Twin of steps_whole.wgsl.

struct Phase {
  layer: Layer, // that it is of
  index: u32, // of the layer
  input: u32, // of the layer
  rows: u32, // all samples, or the minibatch
}

@group(0) @binding(9) var<uniform> phase: Phase;

struct Seat {
  slot: u32,
  lane: u32,
  base: u32,
  settings_0: u32,
}

fn seat_of(t: u32, invocation: u32) -> Seat {
  let slot = trials.list[t].x;
  let lane = member_of_team(invocation);
  let base = open_memory(slot, network.stride, network.carried, lane);
  return Seat(slot, lane, base, slot * network.settings);
}
