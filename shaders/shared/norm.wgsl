// Norms beyond what squares of float32 hold. Squares are summed twice, of values scaled up and of values scaled down, by powers of
// two: the first sum is exact for norms from 2⁻¹²³ to 16, the second from 2⁻³ to 2¹²³. Needs finite.wgsl.

const SCALE_UP = 1152921504606846976.0; // 2⁶⁰
const SCALE_DOWN = 8.673617379884035e-19; // 2⁻⁶⁰

// The norm from the two sums.
fn norm_of(squares: vec2f) -> f32 {
  return select(SCALE_UP * root(squares.y), SCALE_DOWN * root(squares.x), is_finite(squares.x));
}
