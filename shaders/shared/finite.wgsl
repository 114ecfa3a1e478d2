// What kind of number a float32 is. Tests of the bits only: WGSL lets an implementation assume that NaN and infinity never
// happen, so that x != x, comparisons, min and max cannot be trusted with them. Nor can a test of bits against a number that the
// compiler knows: where it sees the value computed, it may decide the test by the same assumption (Metal's fast math does). So the
// bits of infinity come with the trials.

fn infinity_bits() -> u32 {
  return trials.infinity;
}

fn is_nan(x: f32) -> bool {
  return nan_bits(bitcast<u32>(x));
}

fn nan_bits(bits: u32) -> bool {
  return (bits & 0x7fffffffu) > infinity_bits();
}

fn is_finite(x: f32) -> bool {
  return finite_bits(bitcast<u32>(x));
}

fn finite_bits(bits: u32) -> bool {
  return (bits & 0x7fffffffu) < infinity_bits();
}

// 0 for a number below 0, such as rounding can make of a variance of zero. A comparison of floats may swallow NaN.
fn not_negative(x: f32) -> f32 {
  return select(x, 0.0, bitcast<u32>(x) - 0x80000001u < infinity_bits() - 1u);
}

// 2⁻⁸⁰: the squares of what is multiplied by it have a sum within float32, however large it is.
const SCALE = 8.271806125530277e-25;

// NaN in place of a number that is too small to be normal, and that may have become 0.
fn normal_or_nan(x: f32) -> f32 {
  return select(bitcast<f32>(infinity_bits() | 1u), x, x >= 1.17549435e-38);
}

// Some drivers compute sqrt(x) as x·inverseSqrt(x), NaN at infinity.
fn root(square: f32) -> f32 {
  return select(square, sqrt(square), is_finite(square));
}
