// Norms beyond what squares of float32 hold. Squares are summed twice, of values scaled up and of values scaled down, by powers of
// two: the first sum holds norms from 2⁻¹⁰² to 2²⁴, the second those from there to 2¹⁰⁴. Needs finite.wgsl.

const SCALE_UP = 1099511627776.0; // 2⁴⁰
const SCALE_DOWN = 9.094947017729282e-13; // 2⁻⁴⁰

// The norm from the two sums.
fn norm_of(squares: vec2f) -> f32 {
  return select(SCALE_UP * root(squares.y), SCALE_DOWN * root(squares.x), is_finite(squares.x));
}
