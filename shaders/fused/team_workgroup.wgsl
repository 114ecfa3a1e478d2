// A workgroup trains one trial: its invocations share every layer's work. Needs team_together.wgsl and shared/reduce.wgsl.
// In its place on software adapters: software/team_quad.wgsl.

const TEAM = WORKGROUP_SIZE; // invocations that share a trial

var<workgroup> column_partials: array<Pack, 2 * WORKGROUP_SIZE>;

fn team_sum(value: f32, lane: u32) -> f32 {
  return workgroup_sum(value, lane);
}

// The sums of a column's shares, for all of them, in a fixed order.
fn team_sums(lane: u32, width: u32, a: Pack, b: Pack) -> Sums {
  column_partials[lane] = a;
  column_partials[WORKGROUP_SIZE + lane] = b;
  workgroupBarrier();
  var sums = Sums();
  let sharers = WORKGROUP_SIZE / width;
  for (var at = lane % width; at < sharers * width; at += width) {
    sums.a += column_partials[at];
    sums.b += column_partials[WORKGROUP_SIZE + at];
  }
  workgroupBarrier();
  return sums;
}
