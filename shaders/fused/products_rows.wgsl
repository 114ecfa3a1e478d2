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

// The weights move against their gradient scale·aᵀ·delta; a is the layer's input. Gives ‖∇W‖² and ‖W‖² before.
fn move_weights(lane: u32, base: u32, settings_0: u32, layer: Layer, rows: u32, a: u32, delta: u32, rate: f32, decay: f32) -> Squares {
  var squares = Squares();
  for (var i = 0u; i < layer.packs_in; i++) {
    for (var j = 0u; j < layer.packs_out; j++) {
      var sum = Pack();
      for (var row = lane; row < row_packs(rows); row += TEAM) {
        sum += load(a + row * layer.packs_in + i) * load(delta + row * layer.packs_out + j);
      }
      let slope = Pack(layer.scale * team_sum(sum_of(sum), lane));
      let p = layer.weights + i * layer.packs_out + j;
      if (lane == 0u) {
        let weight = load(base + p);
        squares = squares_with(squares, slope, weight);
        update(base, settings_0, p, weight, slope, rate, decay);
      }
    }
  }
  settle();
  return squares;
}
