// Activation functions φ(x), and their derivatives computed from the output y = φ(x). NaN stays NaN. Needs finite.wgsl.

fn identity_forward(x: f32) -> f32 {
  return x;
}

fn identity_derivative(y: f32) -> f32 {
  return 1.0;
}

// The bits from −0 to −infinity become 0. max(x, 0) would turn NaN to 0 and so hide a diverged trial.
fn relu_forward(x: f32) -> f32 {
  return select(x, 0.0, bitcast<u32>(x) - 0x80000000u <= infinity_bits());
}

fn relu_derivative(y: f32) -> f32 {
  let positive = bitcast<u32>(y) - 1u < infinity_bits();
  return select(select(0.0, 1.0, positive), y, is_nan(y));
}

fn sigmoid_forward(x: f32) -> f32 {
  let decay = exp(-abs(x)); // of −|x|, which cannot overflow
  return select(select(decay, 1.0, x >= 0.0) / (1.0 + decay), x, is_nan(x));
}

fn sigmoid_derivative(y: f32) -> f32 {
  return y * (1.0 - y);
}

// WGSL's own tanh may err by 1e-5, which is nothing like the value where x is small, and gives NaN on some drivers where x is
// large. So, as in Cephes' tanhf: an odd polynomial near 0, 1 − 2/(exp(2|x|) + 1) beyond, about 2 ulp; 1 in float32 from 9.02 on.
fn tanh_forward(x: f32) -> f32 {
  let square = x * x;
  let polynomial =
    fma(fma(fma(fma(fma(-5.70498872745e-3, square, 2.06390887954e-2), square, -5.37397155531e-2), square, 1.33314422036e-1),
        square, -3.33332819422e-1), square * x, x);
  let saturating = sign(x) * (1.0 - 2.0 / (exp(2.0 * min(abs(x), 10.0)) + 1.0));
  return select(select(saturating, polynomial, abs(x) < 0.625), x, is_nan(x));
}

fn tanh_derivative(y: f32) -> f32 {
  return (1.0 - y) * (1.0 + y);
}
