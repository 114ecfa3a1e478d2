// The products of train_fused.wgsl by packs of rows: a load of the weights is one of them, four times. Every invocation makes every
// TEAM-th pack of rows.

// out (rows × cols) = a (rows × inner) · b (inner × cols)
fn multiply(lane: u32, rows: u32, inner: u32, cols: u32, a: u32, b: u32, out: u32, activates: bool, finish: Finish) {
  for (var row = lane; row < row_packs(rows); row += TEAM) {
    for (var col = 0u; col < cols; col++) {
      var sum = Pack();
      for (var k = 0u; k < inner; k++) {
        sum += load(a + row * inner + k) * load(b + k * cols + col);
      }
      let at = row * cols + col;
      store(out + at, finished(false, activates, finish, at, col, sum));
    }
  }
}

// out (rows × cols) = a (rows × inner) · bᵀ, b (cols × inner)
fn multiply_by_transposed(lane: u32, rows: u32, inner: u32, cols: u32, a: u32, b: u32, out: u32, activates: bool, finish: Finish) {
  for (var row = lane; row < row_packs(rows); row += TEAM) {
    for (var col = 0u; col < cols; col++) {
      var sum = Pack();
      for (var k = 0u; k < inner; k++) {
        sum += load(a + row * inner + k) * load(b + col * inner + k);
      }
      let at = row * cols + col;
      store(out + at, finished(true, activates, finish, at, col, sum));
    }
  }
}

// out = scale · aᵀ · b, a (rows × a_cols), b (rows × b_cols)
fn multiply_transposed(
  lane: u32, rows: u32, a_cols: u32, b_cols: u32, a: u32, b: u32, out: u32, scale: f32, splits: u32,
) {
  for (var i = 0u; i < a_cols; i++) {
    for (var j = 0u; j < b_cols; j++) {
      var sum = Pack();
      for (var row = lane; row < row_packs(rows); row += TEAM) {
        sum += load(a + row * a_cols + i) * load(b + row * b_cols + j);
      }
      let total = scale * team_sum(sum_of(sum), lane);
      if (lane == 0u) {
        store(out + i * b_cols + j, Pack(total));
      }
    }
  }
}
