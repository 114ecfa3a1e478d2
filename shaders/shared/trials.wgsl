// The trials of a wave that are still being trained, and where each one's tensors lie.

struct Trials {
  count: u32,
  infinity: u32, // its bits (finite.wgsl)
  list: array<vec4u>, // (slot, data set, initial parameter vector, seed)
}

// Element i of a trial's tensor is buffer[first(view, trial) + i]; owner picks slot, data set or initial vector.
struct View {
  offset: u32,
  stride: u32,
  owner: u32,
  length: u32,
}

fn first(view: View, trial: vec4u) -> u32 {
  return view.offset + view.stride * trial[view.owner];
}

// Trials are spread over y and z, for a dimension holds 65535 workgroups at most.
fn trial_of(workgroup: vec3u, workgroups: vec3u) -> u32 {
  return workgroup.y + workgroup.z * workgroups.y;
}
