// A dispatch is one phase of a step: of a layer, where it is a phase up or down. What a phase is about is then known to the
// compiler, which matters where a branch not taken costs as much as one taken, and where the time to compile grows with the square
// of the code: so each phase is a pipeline of its own (phase_*.wgsl), and layers alike share it, whether they are normalized or
// not. Needs memory that outlasts a dispatch. Twin of steps_whole.wgsl.

struct Phase {
  layer: u32, // that it is of
  on_batch: u32, // of the minibatch, not of all samples
}

@group(0) @binding(9) var<uniform> phase: Phase;

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

fn data_x() -> u32 {
  return select(network.x, network.batch_x, phase.on_batch != 0u);
}

fn data_y() -> u32 {
  return select(network.y, network.batch_y, phase.on_batch != 0u);
}

fn data_rows() -> u32 {
  return select(network.samples, network.batch, phase.on_batch != 0u);
}
