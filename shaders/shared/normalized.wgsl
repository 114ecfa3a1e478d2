// x̂. The two halves of the mean are taken off one after the other: their sum would be rounded to float32.
fn normalized(x: f32, mean: f32, mean_low: f32, inverse_std: f32) -> f32 {
  return ((x - mean) - mean_low) * inverse_std;
}
