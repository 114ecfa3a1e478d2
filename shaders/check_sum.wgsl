// Adds a check sum of words to `sum`: each is mixed with its place, so that order counts and zeros do. Sums wrap around, so the
// order in which they are made does not matter.
// Check: the same sum on the host, src/kernels/check_sum.ts

@group(0) @binding(0) var<storage, read> words: array<u32>;
@group(0) @binding(1) var<storage, read_write> sum: atomic<u32>;

// const WORKGROUP_SIZE: u32, from the host
// const WORDS: u32, from the host: that an invocation adds

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let first = (workgroup.x + workgroup.y * workgroups.x) * WORKGROUP_SIZE * WORDS + lane;
  let end = min(first + WORKGROUP_SIZE * WORDS, arrayLength(&words));
  var mine = 0u;
  for (var i = first; i < end; i += WORKGROUP_SIZE) {
    mine += mixed(words[i], i);
  }
  atomicAdd(&sum, mine);
}

// Multiplications by odd numbers and shifts, by which every bit of a word comes to bear on every bit of the sum.
fn mixed(word: u32, place: u32) -> u32 {
  var bits = word ^ (place * 0x9e3779b9u);
  bits = (bits ^ (bits >> 16u)) * 0x85ebca6bu;
  bits = (bits ^ (bits >> 13u)) * 0xc2b2ae35u;
  return bits ^ (bits >> 16u);
}
