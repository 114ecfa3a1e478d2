// Whether a unit is saturated on a sample: its output moves by less than this part of its input. What is not a number is not
// saturated. Needs finite.wgsl, and the activation function (shaders/activations).

const SATURATED_BELOW = 0.05;

// v: what the derivative is computed from
fn is_saturated(v: f32) -> bool {
  return !is_nan(v) && phi_derivative_of(v) < SATURATED_BELOW;
}
