// 1/(1 + exp(−x)) through exp(−|x|), which cannot overflow. NaN stays NaN. Needs finite.wgsl.

fn sigmoid(x: f32) -> f32 {
  let decay = exp(-abs(x));
  return select(select(decay, 1.0, x >= 0.0) / (1.0 + decay), x, is_nan(x));
}
