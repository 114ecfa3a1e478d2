// log(1 + exp(−sŷ)) of one prediction ŷ, s = 2·label − 1, and its derivative. Needs shared/finite.wgsl and shared/sigmoid.wgsl.
// A prediction that is not finite has a loss that is not finite, also where the formula's limit is: it is a diverged trial.

fn loss_value(prediction: f32, label: f32) -> f32 {
  let margin = (2.0 * label - 1.0) * prediction;
  // with the exponential of a number that is never positive
  let value = max(-margin, 0.0) + log_1p(exp(-abs(margin)));
  return select(margin * margin, value, is_finite(margin)); // the square: +infinity or NaN
}

fn loss_derivative(prediction: f32, label: f32) -> f32 {
  let side = 2.0 * label - 1.0;
  return -side * sigmoid(-side * prediction);
}

// log(1 + u) for u in 0…1, as 2·artanh(u/(2 + u)): log(1 + u) itself loses a small u, and the usual correction by (1 + u) − 1
// does not survive an implementation that reassociates. The series is cut where it is below float32's resolution.
fn log_1p(u: f32) -> f32 {
  let s = u / (2.0 + u);
  let q = s * s;
  let tail = 1.0 / 3.0 + q * (1.0 / 5.0 + q * (1.0 / 7.0 + q * (1.0 / 9.0 + q * (1.0 / 11.0 + q * (1.0 / 13.0 + q / 15.0)))));
  return 2.0 * fma(s * q, tail, s);
}
