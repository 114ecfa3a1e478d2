// An elementwise kernel gives each workgroup a block of consecutive elements. An invocation takes every WORKGROUP_SIZE-th of
// them, so that neighbouring invocations touch neighbouring addresses:
//   let end = block_end(workgroup, count);
//   for (var i = block_first(workgroup, lane); i < end; i += WORKGROUP_SIZE) { … }

// const WORKGROUP_SIZE: u32, from the host
// const BLOCK: u32, from the host

fn block_first(workgroup: vec3u, lane: u32) -> u32 {
  return workgroup.x * BLOCK + lane;
}

fn block_end(workgroup: vec3u, count: u32) -> u32 {
  return min((workgroup.x + 1u) * BLOCK, count);
}
