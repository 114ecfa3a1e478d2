// The sum of one value an invocation over the workgroup, by a tree of fixed order, so that a rerun gives the same bits.
// The entry declares WORKGROUP_SIZE, a power of two, and calls this in uniform control flow.

var<workgroup> partial_sums: array<f32, WORKGROUP_SIZE>;

fn workgroup_sum(value: f32, lane: u32) -> f32 {
  partial_sums[lane] = value;
  workgroupBarrier();
  for (var width = WORKGROUP_SIZE / 2u; width > 0u; width /= 2u) {
    if (lane < width) {
      partial_sums[lane] += partial_sums[lane + width];
    }
    workgroupBarrier();
  }
  return workgroupUniformLoad(&partial_sums[0]); // its barriers also keep the next sum from overtaking this one
}
