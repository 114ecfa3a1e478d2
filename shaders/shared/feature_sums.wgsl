// Sums over the rows of a rows × features matrix. A workgroup takes 16 features of one trial; each of its 16 row lanes adds
// every 16th row, and the lanes are added as a tree, in the same order every time.

const FEATURES: u32 = 16;
const ROW_LANES: u32 = 16;

var<workgroup> lane_sums: array<vec2f, FEATURES * ROW_LANES>;

// Two sums at once, handed to every lane. All invocations of the workgroup must call it.
fn sum_lanes(mine: vec2f, feature: u32, lane: u32) -> vec2f {
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
