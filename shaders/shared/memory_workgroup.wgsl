// The memory of one trial in workgroup memory; what is carried from one dispatch to the next rests in the arena meanwhile.
// Its twin of the same functions is memory_storage.wgsl.

@group(0) @binding(5) var<storage, read_write> arena: array<vec4f>;

override MEMORY_SIZE: u32;
var<workgroup> memory: array<vec4f, MEMORY_SIZE>;

// Fetches the first `carried` quads; where the trial's memory begins.
fn open_memory(slot: u32, stride: u32, carried: u32, lane: u32) -> u32 {
  for (var i = lane; i < carried; i += WORKGROUP_SIZE) {
    memory[i] = arena[slot * stride + i];
  }
  return 0u;
}

// Puts them back.
fn close_memory(slot: u32, stride: u32, carried: u32, lane: u32) {
  for (var i = lane; i < carried; i += WORKGROUP_SIZE) {
    arena[slot * stride + i] = memory[i];
  }
}

fn load(i: u32) -> vec4f {
  return memory[i];
}

fn store(i: u32, value: vec4f) {
  memory[i] = value;
}

// What the workgroup has stored so far is there for all of it.
fn settle() {
  workgroupBarrier();
}
