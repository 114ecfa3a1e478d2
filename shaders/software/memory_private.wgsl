// The memory of a trial in that of the invocation that trains it, for small ones on an adapter that checks every load from a buffer. What
// is carried from one dispatch to the next rests in the arena meanwhile. In place of fused/memory_interleaved.wgsl.

@group(0) @binding(5) var<storage, read_write> arena: array<Pack>;

// const MEMORY_SIZE: u32, from the host
var<private> memory: array<Pack, MEMORY_SIZE>;

fn open_memory(t: u32, slot: u32, stride: u32, carried: u32, lane: u32) -> u32 {
  for (var i = 0u; i < carried; i++) {
    memory[i] = arena[slot * stride + i];
  }
  return 0u;
}

fn close_memory(slot: u32, stride: u32, carried: u32, lane: u32) {
  for (var i = 0u; i < carried; i++) {
    arena[slot * stride + i] = memory[i];
  }
}

fn load(i: u32) -> Pack {
  return memory[i];
}

fn store(i: u32, value: Pack) {
  memory[i] = value;
}
