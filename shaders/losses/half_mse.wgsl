// Half the squared error of one prediction, and its derivative.

fn loss_value(prediction: f32, label: f32) -> f32 {
  let difference = prediction - label;
  return 0.5 * difference * difference;
}

fn loss_derivative(prediction: f32, label: f32) -> f32 {
  return prediction - label;
}
