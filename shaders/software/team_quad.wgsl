// Four neighbouring invocations train a trial: those that a software adapter runs as one vector, and that can exchange values.
// In place of fused/team_workgroup.wgsl, for workgroups of four. Needs team_together.wgsl, and subgroups.wgsl before everything.

const TEAM = 4u;

fn team_sum(value: f32, lane: u32) -> f32 {
  let pair = value + quadSwapX(value);
  return pair + quadSwapY(pair);
}

fn quad_sum(value: Pack) -> Pack {
  let pair = value + quadSwapX(value);
  return pair + quadSwapY(pair);
}

// Columns fewer than three are each shared by several invocations: every second one, or all.
fn team_sums(lane: u32, width: u32, a: Pack, b: Pack) -> Sums {
  if (width == 1u) {
    return Sums(quad_sum(a), quad_sum(b));
  }
  if (width == 2u) {
    return Sums(a + quadSwapY(a), b + quadSwapY(b));
  }
  return Sums(a, b);
}
