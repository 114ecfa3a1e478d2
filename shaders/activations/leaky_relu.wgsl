// φ(x) = x above 0, 0.01·x below; φ′ from the output, 0.01 at 0. NaN stays NaN. Needs shared/finite.wgsl.

fn phi_of(x: f32) -> f32 {
  return select(0.01 * x, x, x > 0.0);
}

fn phi_derivative_of(y: f32) -> f32 {
  let positive = bitcast<u32>(y) - 1u < infinity_bits();
  return select(select(0.01, 1.0, positive), y, is_nan(y));
}
