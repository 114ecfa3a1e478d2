// The most memory traffic an adapter was seen to carry: the triad out = a + factor·b over buffers far larger than a cache.
// What a kernel's speed is compared with; see src/measures/ceilings.ts.
// Source: McCalpin's STREAM.

@group(0) @binding(0) var<uniform> factor: vec4f;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4f>;

// const WORKGROUP_SIZE: u32, from the host
// const VECTORS: u32, from the host: of one invocation

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32) {
  let begin = workgroup.x * WORKGROUP_SIZE * VECTORS + lane;
  let end = min((workgroup.x + 1) * WORKGROUP_SIZE * VECTORS, arrayLength(&out));
  for (var i = begin; i < end; i += WORKGROUP_SIZE) {
    out[i] = a[i] + factor * b[i];
  }
}
