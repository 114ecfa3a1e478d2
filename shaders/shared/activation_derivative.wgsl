// φ′ at what the plan has kept of an activation. Needs the activation function (shaders/activations).

// const FROM_INPUT: u32, from the host: that is its input x, and φ′ is computed from gain·x; else it is its output φ(gain·x)

fn derivative_argument(kept: f32, gain: f32) -> f32 {
  return select(kept, gain * kept, FROM_INPUT != 0u);
}
