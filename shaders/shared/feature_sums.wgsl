// Sums over the rows of a rows × features matrix. Each row lane adds its rows, and the lanes are added as a tree, in the same
// order every time. Needs feature_lanes.wgsl, with powers of two.

var<workgroup> lane_sums: array<vec2f, FEATURES * ROW_LANES>;

// Two sums at once, handed to every lane. All invocations of the workgroup must call it.
fn sum_lanes(mine: vec2f, feature: u32, lane: u32) -> vec2f {
  if (ROW_LANES == 1) {
    return mine; // decided when the pipeline is made, which then has no workgroup memory at all
  }
  let at = lane * FEATURES + feature;
  lane_sums[at] = mine;
  for (var half = ROW_LANES / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (lane < half) {
      lane_sums[at] += lane_sums[at + half * FEATURES];
    }
  }
  workgroupBarrier();
  let total = lane_sums[feature];
  workgroupBarrier(); // nobody begins the next sum while another still reads this one
  return total;
}
