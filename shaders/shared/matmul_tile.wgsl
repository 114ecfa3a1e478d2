// scale·a·b by register tiles straight from memory, without workgroup memory or barriers: one invocation makes TILE × TILE
// elements (4 or 8) in named 4 × 4 matrices, whose columns are rows of the product.
// Needs TILE, load_a(i), load_b(i) and store(i, value).

// A matrix somewhere in memory: element (i, j) is at first + i·down + j·right.
struct Matrix {
  first: u32,
  down: u32,
  right: u32,
}

const NEXT_FOUR = vec4u(0u, 1u, 2u, 3u);

// The tile whose first element is (row, col) of a product that is rows × cols and lies at `out`, row-major. Beyond the edge
// the last row or column is computed again, and not stored: that is cheaper than to ask at every load.
fn multiply_tile(row: u32, col: u32, rows: u32, inner: u32, cols: u32, a: Matrix, b: Matrix, out: u32, scale: f32) {
  let last_row = vec4u(rows - 1u);
  let last_col = vec4u(cols - 1u);
  let top = a.first + min(row + NEXT_FOUR, last_row) * a.down;
  let bottom = a.first + min(row + 4u + NEXT_FOUR, last_row) * a.down;
  let left = b.first + min(col + NEXT_FOUR, last_col) * b.right;
  let right = b.first + min(col + 4u + NEXT_FOUR, last_col) * b.right;
  var top_left = mat4x4f();
  var top_right = mat4x4f();
  var bottom_left = mat4x4f();
  var bottom_right = mat4x4f();
  for (var k = 0u; k < inner; k++) {
    let a_top = load_rows(top + k * a.right);
    let b_left = load_cols(left + k * b.down);
    top_left += outer_product(a_top, b_left);
    if (TILE == 8u) {
      let a_bottom = load_rows(bottom + k * a.right);
      let b_right = load_cols(right + k * b.down);
      top_right += outer_product(a_top, b_right);
      bottom_left += outer_product(a_bottom, b_left);
      bottom_right += outer_product(a_bottom, b_right);
    }
  }
  store_quarter(row, col, rows, cols, out, scale * top_left);
  if (TILE == 8u) {
    store_quarter(row, col + 4u, rows, cols, out, scale * top_right);
    store_quarter(row + 4u, col, rows, cols, out, scale * bottom_left);
    store_quarter(row + 4u, col + 4u, rows, cols, out, scale * bottom_right);
  }
}

fn load_rows(i: vec4u) -> vec4f {
  return vec4f(load_a(i.x), load_a(i.y), load_a(i.z), load_a(i.w));
}

fn load_cols(i: vec4u) -> vec4f {
  return vec4f(load_b(i.x), load_b(i.y), load_b(i.z), load_b(i.w));
}

// Column r is a[r]·b.
fn outer_product(a: vec4f, b: vec4f) -> mat4x4f {
  return mat4x4f(a.x * b, a.y * b, a.z * b, a.w * b);
}

fn store_quarter(row: u32, col: u32, rows: u32, cols: u32, out: u32, values: mat4x4f) {
  let end = min(row + 4u, rows);
  for (var i = row; i < end; i++) {
    store_row(out + i * cols + col, cols, col, values[i - row]);
  }
}

// The part of a row from column `col` on that exists.
fn store_row(at: u32, cols: u32, col: u32, values: vec4f) {
  if (col < cols) { store(at, values.x); }
  if (col + 1u < cols) { store(at + 1u, values.y); }
  if (col + 2u < cols) { store(at + 2u, values.z); }
  if (col + 3u < cols) { store(at + 3u, values.w); }
}
