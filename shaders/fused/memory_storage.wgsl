// The memory of one trial in a storage arena: for networks that do not fit workgroup memory, and for adapters whose
// workgroup memory is no faster. In its place: memory_workgroup.wgsl.

@group(0) @binding(5) var<storage, read_write> arena: array<Pack>;

// Where the trial's memory begins.
fn open_memory(t: u32, slot: u32, stride: u32, carried: u32, lane: u32) -> u32 {
  return slot * stride;
}

fn close_memory(slot: u32, stride: u32, carried: u32, lane: u32) {
}

fn load(i: u32) -> Pack {
  return arena[i];
}

fn store(i: u32, value: Pack) {
  arena[i] = value;
}

// What the workgroup has stored so far is there for all of it, once all have come here.
fn fence() {
  storageBarrier();
}
