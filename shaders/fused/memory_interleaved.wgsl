// The memory of a trial that one invocation trains, in the arena between its neighbours': the same pack of all trials of a workgroup lies
// side by side, so that what they load together is one load. What is carried from one dispatch to the next rests before all that,
// trial by trial. In place of memory_workgroup.wgsl.

@group(0) @binding(5) var<storage, read_write> arena: array<Pack>;

var<private> first_element: u32;
var<private> neighbours: u32; // the trials of this workgroup

// Fetches the first `carried` packs; where the trial's memory begins.
fn open_memory(t: u32, slot: u32, stride: u32, carried: u32, lane: u32) -> u32 {
  let position = t % WORKGROUP_SIZE;
  let before = t - position;
  neighbours = min(WORKGROUP_SIZE, trials.count - before);
  first_element = slice.interleaved + before * network.size + position;
  for (var i = 0u; i < carried; i++) {
    store(i, arena[slot * stride + i]);
  }
  return 0u;
}

// Puts them back.
fn close_memory(slot: u32, stride: u32, carried: u32, lane: u32) {
  for (var i = 0u; i < carried; i++) {
    arena[slot * stride + i] = load(i);
  }
}

fn load(i: u32) -> Pack {
  return arena[first_element + i * neighbours];
}

fn store(i: u32, value: Pack) {
  arena[first_element + i * neighbours] = value;
}
