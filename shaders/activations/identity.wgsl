// φ(x) = x

fn phi_of(x: f32) -> f32 {
  return x;
}

fn phi_derivative_of(y: f32) -> f32 {
  return 1.0;
}
