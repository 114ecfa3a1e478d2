// What kind of number a float32 is. Tests of the bits only: WGSL lets an implementation assume that NaN and infinity never
// happen, so that x != x, comparisons, min and max cannot be trusted with them.

const INFINITY_BITS = 0x7f800000u;

fn is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > INFINITY_BITS;
}

fn is_finite(x: f32) -> bool {
  return finite_bits(bitcast<u32>(x));
}

fn finite_bits(bits: u32) -> bool {
  return (bits & 0x7fffffffu) < INFINITY_BITS;
}

// Some drivers compute sqrt(x) as x·inverseSqrt(x), NaN at infinity.
fn root(square: f32) -> f32 {
  return select(square, sqrt(square), is_finite(square));
}
