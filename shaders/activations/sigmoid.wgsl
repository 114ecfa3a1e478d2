// φ(x) = 1/(1 + exp(−x)), φ′ from the output. Needs shared/sigmoid.wgsl.

fn phi_of(x: f32) -> f32 {
  return sigmoid(x);
}

fn phi_derivative_of(y: f32) -> f32 {
  return y * (1.0 - y);
}
