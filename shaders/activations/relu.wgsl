// φ(x) = max(x, 0), φ′ from the output, 0 at 0. NaN stays NaN. Needs shared/finite.wgsl.

// The bits from −0 to −infinity become 0. max(x, 0) would turn NaN to 0 and so hide a diverged trial.
fn phi_of(x: f32) -> f32 {
  return select(x, 0.0, bitcast<u32>(x) - 0x80000000u <= infinity_bits());
}

fn phi_derivative_of(y: f32) -> f32 {
  let positive = bitcast<u32>(y) - 1u < infinity_bits();
  return select(select(0.0, 1.0, positive), y, is_nan(y));
}
