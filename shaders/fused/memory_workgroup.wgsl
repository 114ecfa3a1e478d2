// The memory of one trial in workgroup memory; what is carried from one dispatch to the next rests in the arena meanwhile.
// In its place: memory_storage.wgsl.

@group(0) @binding(5) var<storage, read_write> arena: array<Pack>;

// const MEMORY_SIZE: u32, from the host
var<workgroup> memory: array<Pack, MEMORY_SIZE>;

// Fetches the first `carried` packs; where the trial's memory begins.
fn open_memory(t: u32, slot: u32, stride: u32, carried: u32, lane: u32) -> u32 {
  for (var i = lane; i < carried; i += TEAM) {
    memory[i] = arena[slot * stride + i];
  }
  return 0u;
}

// Puts them back.
fn close_memory(slot: u32, stride: u32, carried: u32, lane: u32) {
  for (var i = lane; i < carried; i += TEAM) {
    arena[slot * stride + i] = memory[i];
  }
}

fn load(i: u32) -> Pack {
  return memory[i];
}

fn store(i: u32, value: Pack) {
  memory[i] = value;
}

// What the workgroup has stored so far is there for all of it, once all have come here.
fn fence() {
  workgroupBarrier();
}
