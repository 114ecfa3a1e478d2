// The activation function that the host's constant ACTIVATION names. Needs activation.wgsl.

// const ACTIVATION: u32, from the host: identity, relu, sigmoid, tanh

fn phi_of(v: f32) -> f32 {
  switch ACTIVATION {
    case 1u: {
      return relu_forward(v);
    }
    case 2u: {
      return sigmoid_forward(v);
    }
    case 3u: {
      return tanh_forward(v);
    }
    default: {
      return v;
    }
  }
}

// From the output.
fn phi_derivative_of(v: f32) -> f32 {
  switch ACTIVATION {
    case 1u: {
      return relu_derivative(v);
    }
    case 2u: {
      return sigmoid_derivative(v);
    }
    case 3u: {
      return tanh_derivative(v);
    }
    default: {
      return 1.0;
    }
  }
}

// A unit is saturated on a sample where its output moves by less than this part of its input.
const SATURATED_BELOW = 0.05;

// From the output. What is not a number is not saturated.
fn is_saturated(v: f32) -> bool {
  return !is_nan(v) && phi_derivative_of(v) < SATURATED_BELOW;
}
