// φ(x) = tanh(x), φ′ from the output. NaN stays NaN. Needs shared/finite.wgsl.

// WGSL's own tanh may err by 1e-5, which is nothing like the value where x is small, and gives NaN on some drivers where x is
// large. So, as in Cephes' tanhf: an odd polynomial near 0, 1 − 2/(exp(2|x|) + 1) beyond, about 2 ulp; 1 in float32 from 9.02 on.
fn phi_of(x: f32) -> f32 {
  let square = x * x;
  let polynomial =
    fma(fma(fma(fma(fma(-5.70498872745e-3, square, 2.06390887954e-2), square, -5.37397155531e-2), square, 1.33314422036e-1),
        square, -3.33332819422e-1), square * x, x);
  let saturating = sign(x) * (1.0 - 2.0 / (exp(2.0 * min(abs(x), 10.0)) + 1.0));
  return select(select(saturating, polynomial, abs(x) < 0.625), x, is_nan(x));
}

fn phi_derivative_of(y: f32) -> f32 {
  return (1.0 - y) * (1.0 + y);
}
