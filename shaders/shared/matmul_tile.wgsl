// A product straight from memory: an invocation makes TILE × TILE outputs (4 or 8) in named 4 × 4 matrices, whose columns are
// rows of the product; a workgroup makes COL_LANES such tiles of one trial. For small products, and for software adapters,
// where workgroup memory costs more than it saves.

// const TILE: u32, from the host

const NEXT_FOUR = vec4u(0, 1, 2, 3);

// Beyond the edge the last row or column is computed again, and not stored: that is cheaper than to ask at every load.
fn multiply(workgroup: u32, lane: vec3u, local: u32, trial: vec4u) {
  let tile = workgroup * COL_LANES + lane.x;
  let tiles_across = (call.cols + TILE - 1) / TILE;
  let row = tile / tiles_across * TILE;
  let col = tile % tiles_across * TILE;
  if (row >= call.rows) {
    return;
  }
  let left = matrix_a(trial);
  let right = matrix_b(trial);
  let last_row = vec4u(call.rows - 1);
  let last_col = vec4u(call.cols - 1);
  let a_top = left.first + min(row + NEXT_FOUR, last_row) * left.down;
  let a_bottom = left.first + min(row + 4 + NEXT_FOUR, last_row) * left.down;
  let b_left = right.first + min(col + NEXT_FOUR, last_col) * right.right;
  let b_right = right.first + min(col + 4 + NEXT_FOUR, last_col) * right.right;
  var top_left = mat4x4f();
  var top_right = mat4x4f();
  var bottom_left = mat4x4f();
  var bottom_right = mat4x4f();
  for (var k = 0u; k < call.inner; k++) {
    let rows = load_a(a_top + k * left.right);
    let cols = load_b(b_left + k * right.down);
    top_left += outer_product(rows, cols);
    if (TILE == 8) {
      let more_rows = load_a(a_bottom + k * left.right);
      let more_cols = load_b(b_right + k * right.down);
      top_right += outer_product(rows, more_cols);
      bottom_left += outer_product(more_rows, cols);
      bottom_right += outer_product(more_rows, more_cols);
    }
  }
  let out_first = first(call.out, trial);
  store_quarter(row, col, out_first, top_left);
  if (TILE == 8) {
    store_quarter(row, col + 4, out_first, top_right);
    store_quarter(row + 4, col, out_first, bottom_left);
    store_quarter(row + 4, col + 4, out_first, bottom_right);
  }
}

fn load_a(i: vec4u) -> vec4f {
  return vec4f(a[i.x], a[i.y], a[i.z], a[i.w]);
}

fn load_b(i: vec4u) -> vec4f {
  return vec4f(b[i.x], b[i.y], b[i.z], b[i.w]);
}

// Column r is a[r]·b.
fn outer_product(a: vec4f, b: vec4f) -> mat4x4f {
  return mat4x4f(a.x * b, a.y * b, a.z * b, a.w * b);
}

fn store_quarter(row: u32, col: u32, out_first: u32, values: mat4x4f) {
  let scaled = call.scale * values;
  let end = min(row + 4, call.rows);
  for (var i = row; i < end; i++) {
    store_four(out_first + i * call.cols + col, col, scaled[i - row]);
  }
}
